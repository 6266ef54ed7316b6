//! Browsers inside apps, by their `User-Agent`: it decides what is shown first, and nothing else.

use form_urlencoded::byte_serialize;
use http::{HeaderMap, header::USER_AGENT};

/// The app in which a page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InApp {
    KakaoTalk,
    Naver,
    Instagram,
    Facebook,
    Line,
}

impl InApp {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        const SIGNS: [(&str, InApp); 7] = [
            ("KAKAOTALK", InApp::KakaoTalk),
            ("NAVER(inapp", InApp::Naver),
            ("Instagram", InApp::Instagram),
            ("FBAN/", InApp::Facebook),
            ("FBAV/", InApp::Facebook),
            ("FB_IAB", InApp::Facebook),
            (" Line/", InApp::Line),
        ];
        let agent = agent(headers);
        let sign = SIGNS.iter().find(|(sign, _)| agent.contains(sign));
        sign.map(|(_, app)| *app)
    }

    /// The address that opens `url` in a browser of its own, where the app or the system has one.
    pub(super) fn way_out(self, url: &str, headers: &HeaderMap) -> Option<String> {
        let encoded = || byte_serialize(url.as_bytes()).collect::<String>();
        let separator = if url.contains('?') { '&' } else { '?' };
        match self {
            Self::KakaoTalk => Some(format!("kakaotalk://web/openExternal?url={}", encoded())),
            Self::Line => Some(format!("{url}{separator}openExternalBrowser=1")),
            _ if agent(headers).contains("Android") => {
                let (scheme, rest) = url.split_once("://")?;
                Some(format!("intent://{rest}#Intent;scheme={scheme};end"))
            }
            _ => None,
        }
    }
}

fn agent(headers: &HeaderMap) -> &str {
    let agent = headers.get(USER_AGENT);
    agent
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const URL: &str = "https://shop.example.com/auth/login?return_to=%2Fa";

    fn headers(agent: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_static(agent))])
    }

    #[test]
    fn apps_are_known_by_their_sign_and_browsers_are_not_apps() {
        for (agent, app) in [
            (
                "Mozilla/5.0 (iPhone) AppleWebKit/605 Mobile KAKAOTALK 10.8.5",
                Some(InApp::KakaoTalk),
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) NAVER(inapp; search; 2000; 12.7.2)",
                Some(InApp::Naver),
            ),
            (
                "Mozilla/5.0 (iPhone) Instagram 320.0.0.1",
                Some(InApp::Instagram),
            ),
            (
                "Mozilla/5.0 (iPhone) [FBAN/FBIOS;FBAV/440.0]",
                Some(InApp::Facebook),
            ),
            (
                "Mozilla/5.0 (iPhone) Safari Line/13.20.0",
                Some(InApp::Line),
            ),
            ("Mozilla/5.0 (iPhone) Version/17.0 Safari/604.1", None),
            ("", None),
        ] {
            assert_eq!(InApp::of(&headers(agent)), app, "{agent}");
        }
    }

    #[test]
    fn the_way_out_is_the_apps_own_or_androids() {
        let (ios, android) = (headers("iPhone"), headers("Linux; Android 14"));
        let out = |app: InApp, headers| app.way_out(URL, headers);
        assert_eq!(
            out(InApp::KakaoTalk, &ios).unwrap(),
            "kakaotalk://web/openExternal?url=https%3A%2F%2Fshop.example.com%2Fauth%2Flogin%3Freturn_to%3D%252Fa"
        );
        assert_eq!(
            out(InApp::Line, &ios).unwrap(),
            format!("{URL}&openExternalBrowser=1")
        );
        assert_eq!(
            out(InApp::Instagram, &android).unwrap(),
            "intent://shop.example.com/auth/login?return_to=%2Fa#Intent;scheme=https;end"
        );
        assert_eq!(out(InApp::Instagram, &ios), None);
    }
}
