//! Browsers inside apps, recognised by `User-Agent`.
//!
//! Google refuses to sign users in there (`disallowed_useragent`), and other providers open their
//! own app more easily from a browser. `User-Agent` can be forged, so the result decides only
//! which links a page shows and in which order.
//!
//! | app or system | link that opens a full browser |
//! |---|---|
//! | KakaoTalk | `kakaotalk://web/openExternal?url=` |
//! | LINE | the same address with `openExternalBrowser=1` |
//! | any other app on Android | `intent://` |
//! | any other app on iOS 17 or later | `x-safari-https://` |
//! | older systems, and a Mac | none |

use std::borrow::Cow;

use form_urlencoded::byte_serialize;
use http::{HeaderMap, header::USER_AGENT};

use crate::{flow::Flow, web::return_to::ReturnTo};

#[cfg(test)]
mod tests;

/// The app in which a page is shown. Apps with a provider of their own have a variant, because that
/// provider comes first on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InApp {
    /// KakaoTalk. Its address `kakaotalk://web/openExternal` opens a browser.
    KakaoTalk,
    /// The Naver app. It has no address of its own for a browser, so the system's one is used.
    Naver,
    /// LINE. Its parameter `openExternalBrowser=1` opens a browser.
    Line,
    /// Any other app that puts its name into `User-Agent`, or an Android web view.
    Other,
    /// A web view of an iPhone, iPad or Mac without an app's name. Some versions of iOS send the
    /// same headers for a web app on the home screen, whose sign-in opens in Safari's own view and
    /// works.
    Unnamed,
}

/// Parts of `User-Agent` by which apps are known, in addition to the web views of both systems. The
/// first match counts, so the three apps with a variant come first.
const SIGNS: [(&str, InApp); 43] = [
    ("KAKAOTALK", InApp::KakaoTalk),
    ("NAVER(inapp", InApp::Naver),
    (" Line/", InApp::Line),
    // Korean apps.
    ("AlipayClient", InApp::Other),
    ("BAND/", InApp::Other),
    ("Coupang", InApp::Other),
    ("Daangn", InApp::Other),
    ("DaumApps", InApp::Other),
    ("DaumDevice/mobile", InApp::Other),
    ("KAKAOSTORY", InApp::Other),
    ("Karrot/", InApp::Other),
    ("TossApp", InApp::Other),
    ("TowneersApp", InApp::Other),
    ("daangn/", InApp::Other),
    ("everytimeApp", InApp::Other),
    ("kakaostory", InApp::Other),
    ("wadiz", InApp::Other),
    ("zumapp", InApp::Other),
    // Facebook and Messenger, Instagram, Threads, WhatsApp.
    ("FB4A", InApp::Other),
    ("FBAN/", InApp::Other),
    ("FBAV/", InApp::Other),
    ("FB_IAB", InApp::Other),
    ("Instagram", InApp::Other),
    ("Barcelona", InApp::Other),
    ("MetaIAB", InApp::Other),
    ("[WA4A/", InApp::Other),
    ("[WAiOS/", InApp::Other),
    // X, TikTok, LinkedIn, Snapchat, Pinterest.
    ("Twitter for ", InApp::Other),
    ("TwitterAndroid", InApp::Other),
    ("BytedanceWebview", InApp::Other),
    ("musical_ly", InApp::Other),
    ("TikTok", InApp::Other),
    ("trill_", InApp::Other),
    ("/trill", InApp::Other),
    ("LinkedInApp", InApp::Other),
    ("Snapchat", InApp::Other),
    ("Pinterest/", InApp::Other),
    ("[Pinterest", InApp::Other),
    // WeChat, QQ, Weibo, DingTalk.
    ("MicroMessenger", InApp::Other),
    (" QQ/", InApp::Other),
    ("Weibo", InApp::Other),
    ("DingTalk", InApp::Other),
    ("AliApp(", InApp::Other),
];

/// Full browsers on iOS, in case one of them leaves `Safari/` out.
const BROWSERS: [&str; 11] = [
    "Brave/",
    "CriOS/",
    "Ddg/",
    "DuckDuckGo/",
    "EdgiOS/",
    "FxiOS/",
    "Focus/",
    "OPT/",
    "OPiOS/",
    "Whale/",
    "YaBrowser/",
];

/// The link that opens the sign-in in a full browser, if the app or the system has such links. The
/// sign-in begins again there, because a full browser has other cookies than the app.
pub(crate) fn way_out(flow: &Flow, return_to: &ReturnTo, headers: &HeaderMap) -> Option<String> {
    let (origin, login) = (
        flow.config.origin.as_str(),
        flow.login_link(None, return_to),
    );
    InApp::of(headers)?.way_out(&format!("{origin}{login}"), headers)
}

impl InApp {
    /// The app of a request, or `None` for a full browser. A name of an app decides before the
    /// rules of the two systems, because some apps look like a full browser otherwise.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let agent = agent(headers);
        let sign = SIGNS.iter().find(|(sign, _)| agent.contains(sign));
        if let Some((_, app)) = sign {
            return Some(*app);
        }
        // Chrome's documentation, "User-Agent in WebView".
        if is_android(&agent) && agent.contains("; wv)") {
            return Some(Self::Other);
        }
        is_apple_web_view(&agent).then_some(Self::Unnamed)
    }

    /// The address that opens `url` in a full browser, if the app or the system has one.
    pub(crate) fn way_out(self, url: &str, headers: &HeaderMap) -> Option<String> {
        let (agent, separator) = (agent(headers), if url.contains('?') { '&' } else { '?' });
        let encoded = || byte_serialize(url.as_bytes()).collect::<String>();
        let (scheme, rest) = url.split_once("://")?;
        match self {
            Self::KakaoTalk => Some(format!("kakaotalk://web/openExternal?url={}", encoded())),
            Self::Line => Some(format!("{url}{separator}openExternalBrowser=1")),
            _ if is_android(&agent) => Some(format!("intent://{rest}#Intent;scheme={scheme};end")),
            _ if ios_version(&agent).is_some_and(|version| version >= SAFARI_SCHEME) => {
                Some(format!("x-safari-{scheme}://{rest}"))
            }
            _ => None,
        }
    }
}

/// The first version of iOS whose Safari opens `x-safari-https` addresses of any app.
const SAFARI_SCHEME: u32 = 17;

/// The `User-Agent`, with other bytes than UTF-8 replaced.
fn agent(headers: &HeaderMap) -> Cow<'_, str> {
    let agent = headers.get(USER_AGENT);
    String::from_utf8_lossy(agent.map_or(&[], |agent| agent.as_bytes()))
}

/// Whether the agent is on Android, in a web view or a browser.
fn is_android(agent: &str) -> bool {
    agent.contains("Android")
}

/// Whether the agent is a web view of Apple's. Safari and every other browser of iOS add `Safari/`
/// to the text of WebKit. A web view on an iPad says that it is a Mac.
fn is_apple_web_view(agent: &str) -> bool {
    let devices = ["iPhone", "iPad", "iPod", "Macintosh"];
    let is_browser = agent.contains("Safari/") || BROWSERS.iter().any(|name| agent.contains(name));
    devices.iter().any(|device| agent.contains(device))
        && agent.contains("AppleWebKit/")
        && !is_browser
}

/// The major version of iOS, as in `CPU iPhone OS 17_5 like Mac OS X`. `None` for other systems,
/// and for a Mac, whose text has `Mac OS X 10_15_7`, which is no version of iOS.
fn ios_version(agent: &str) -> Option<u32> {
    let (_, rest) = agent.split_once(" OS ")?;
    let (version, _) = rest.split_once('_')?;
    version.parse().ok()
}
