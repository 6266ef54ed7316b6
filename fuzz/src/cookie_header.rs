//! `Cookie` headers: the session cookie is found at any position, and no other cookie is a session.
//!
//! Each line is a header. `{live}` is the value of a session, `{other}` the value of a session
//! under another key, `{name}` the cookie's name.

use http::{HeaderValue, Request, header::COOKIE};
use http_body_util::Full;
use tower_phone_auth::{Kakao, TestUser};

use crate::{
    fake::Fake,
    shop::{COOKIE_NAME, Kept, Shop, reached},
    text,
};

struct Setting {
    shop: Shop,
    stripping: Shop,
    live: String,
    other: String,
}

thread_local! {
    static SETTING: Kept<Setting> = Kept::new(Setting::new());
}

impl Setting {
    fn new() -> Self {
        let shop = Shop::kakao();
        let kakao = || Kakao::new("client", "secret");
        let live = value(&shop.session("kakao", "1"));
        let foreign = Shop::with(kakao(), Fake::silent(), |builder| {
            builder.session_key(tower_phone_auth::SessionKey::random())
        });
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        let other = value(&user.cookie(&foreign.auth).unwrap());
        let stripping = Shop::with(kakao(), Fake::silent(), |builder| builder.strip_cookies());
        Self {
            shop,
            stripping,
            live,
            other,
        }
    }
}

fn value(pair: &str) -> String {
    pair.split_once('=').unwrap().1.to_owned()
}

pub fn target(data: &[u8]) {
    SETTING.with(|setting| {
        let values = [
            ("name", COOKIE_NAME),
            ("live", setting.live.as_str()),
            ("other", setting.other.as_str()),
        ];
        let filled = text::fill(data, &values);
        let lines: Vec<HeaderValue> = filled
            .split(|byte| *byte == b'\n')
            .filter_map(|line| HeaderValue::from_bytes(line).ok())
            .take(16)
            .collect();
        let is_live = lines
            .iter()
            .flat_map(|line| pairs(line.as_bytes()))
            .any(|pair| pair == (COOKIE_NAME.as_bytes(), setting.live.as_bytes()));
        let response = setting.shop.send(request(&lines));
        assert_eq!(reached(&response).is_some(), is_live);
        let response = setting.stripping.send(request(&lines));
        assert_eq!(reached(&response).is_some(), is_live);
        if let Some(reached) = reached(&response) {
            check_stripped(&lines, &reached.cookies);
        }
    });
}

fn request(lines: &[HeaderValue]) -> Request<Full<bytes::Bytes>> {
    let mut request = Request::new(Full::default());
    for line in lines {
        request.headers_mut().append(COOKIE, line.clone());
    }
    request
}

/// Reads the header by RFC 6265 section 4.2.1.
fn pairs(line: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    line.split(|byte| *byte == b';').filter_map(|pair| {
        let equals = pair.iter().position(|byte| *byte == b'=')?;
        Some((pair[..equals].trim_ascii(), pair[equals + 1..].trim_ascii()))
    })
}

/// The layer's cookies are removed, and other cookies are unchanged.
fn check_stripped(sent: &[HeaderValue], left: &[Vec<u8>]) {
    let is_ours = |name: &[u8]| {
        name == COOKIE_NAME.as_bytes() || name.starts_with(b"__Host-phone-auth-login-")
    };
    let may_be_ours = |name: &[u8]| name.starts_with(COOKIE_NAME.as_bytes());
    let left: Vec<_> = left.iter().flat_map(|line| pairs(line)).collect();
    assert!(left.iter().all(|(name, _)| !is_ours(name)));
    let kept = left.into_iter().filter(|(name, _)| !may_be_ours(name));
    let sent = sent.iter().flat_map(|line| pairs(line.as_bytes()));
    assert!(kept.eq(sent.filter(|(name, _)| !may_be_ours(name))));
}
