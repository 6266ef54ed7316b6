//! Decisions without a wrapped service, and the service that reverse proxies ask.

mod example;
mod forward_auth;
mod identity;
mod judge;

use http::{HeaderMap, Request, header::COOKIE, request::Parts};
use tower_phone_auth::{OAuthLayer, TestUser};

use crate::support::shop::Shop;

/// A shop with the provider `kakao`, and the cookie of a session.
async fn shop() -> (Shop, String) {
    let shop = Shop::open().await;
    let cookie = session(&shop.layer);
    (shop, cookie)
}

fn session(auth: &OAuthLayer) -> String {
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    user.cookie(auth).unwrap()
}

/// A request with these header lines.
fn head(method: &str, path: &str, lines: &[(&str, &str)]) -> Parts {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    let (head, ()) = request.body(()).unwrap().into_parts();
    head
}

/// The header lines of a page visit.
const VISIT: [(&str, &str); 3] = [
    ("accept", "text/html"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
];

fn with<'a>(lines: &[(&'a str, &'a str)], cookie: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut lines = lines.to_vec();
    lines.push((COOKIE.as_str(), cookie));
    lines
}

fn values<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a str> {
    let values = headers.get_all(name).iter();
    values.map(|value| value.to_str().unwrap()).collect()
}
