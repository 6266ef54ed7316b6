//! Queries of a callback: a session needs exactly one `state`, the right one, and exactly one
//! `code`.
//!
//! `{state}` is the state of a sign-in that this browser began.

use http::StatusCode;
use serde_json::json;
use tower_phone_auth::Kakao;

use crate::{
    fake::{Fake, json, tokens},
    shop::{Kept, Shop, page_visit, session_cookie},
    text,
};

thread_local! {
    static SHOP: Kept<Shop> = Kept::new(shop());
}

fn shop() -> Shop {
    let account = json!({ "id": 1, "kakao_account": { "phone_number": "+82 10-1234-5678" } });
    let fake = move || {
        let account = account.to_string();
        Fake::new(move |request| {
            Some(match request.uri().path() {
                "/oauth/token" => tokens(None),
                _ => json(StatusCode::OK, account.clone()),
            })
        })
    };
    Shop::new(Kakao::new("client", "secret"), fake())
}

pub fn target(data: &[u8]) {
    SHOP.with(|shop| {
        let attempt = shop.begin("/orders").expect("a login begins");
        let query = text::fill(data, &[("state", &attempt.state)]);
        let Ok(query) = String::from_utf8(query) else {
            return;
        };
        let target = format!("/auth/callback/kakao?{query}");
        let Some(request) = page_visit(&target, &attempt.cookies) else {
            return;
        };
        let Some(read) = request.uri().query().map(str::to_owned) else {
            return;
        };
        let response = shop.send(request);
        if session_cookie(&response).is_some() {
            assert!(may_sign_in(&read, &attempt.state), "signed in by {read:?}");
            assert_eq!(response.headers()["location"], "/orders");
            shop.arrival(&response);
        } else {
            let again = shop.send(page_visit(&target, &attempt.cookies).unwrap());
            assert!(
                session_cookie(&again).is_none(),
                "refused, and then accepted"
            );
        }
        let stranger = shop.send(page_visit(&target, "").unwrap());
        assert!(
            session_cookie(&stranger).is_none(),
            "another browser is signed in"
        );
    });
}

/// RFC 6749 section 4.1.2: both parameters once, and no error.
fn may_sign_in(query: &str, state: &str) -> bool {
    let all = |name: &str| -> Vec<String> {
        form_urlencoded::parse(query.as_bytes())
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .collect()
    };
    all("state") == [state]
        && matches!(&all("code")[..], [code] if !code.is_empty())
        && all("error").is_empty()
}
