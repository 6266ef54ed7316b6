//! Addresses to return to: after the sign-in, the user is at the requested address of this origin.
//!
//! The first byte chooses: `v` the visited address; `q` the value of `return_to`; `Q` the whole
//! query of the login address.

use http::StatusCode;
use serde_json::json;
use tower_phone_auth::Kakao;

use crate::{
    fake::{Fake, json, tokens},
    shop::{Attempt, Kept, Shop, page_visit, session_cookie, stays},
    text,
};

thread_local! {
    static SHOP: Kept<Shop> = Kept::new(shop());
}

fn shop() -> Shop {
    let account = json!({ "id": 1, "kakao_account": { "phone_number": "+82 10-1234-5678" } });
    let fake = Fake::new(move |request| {
        Some(match request.uri().path() {
            "/oauth/token" => tokens(None),
            _ => json(StatusCode::OK, account.to_string()),
        })
    });
    Shop::new(Kakao::new("client", "secret"), fake)
}

pub fn target(data: &[u8]) {
    let Some((choice, rest)) = text::choice(data) else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let asked = match choice {
        b'v' => text.to_owned(),
        b'q' => {
            let mut query = form_urlencoded::Serializer::new(String::new());
            format!(
                "/auth/login?{}",
                query.append_pair("return_to", text).finish()
            )
        }
        b'Q' => format!("/auth/login?{text}"),
        _ => return,
    };
    let Some(request) = page_visit(&asked, "") else {
        return;
    };
    // A server sees only the path of an address in absolute form.
    let Some(place) = request.uri().path_and_query().map(ToString::to_string) else {
        return;
    };
    SHOP.with(|shop| {
        if let Some(attempt) = Attempt::read(&shop.send(request)) {
            let response = shop.come_back("kakao", &attempt);
            assert!(session_cookie(&response).is_some(), "the sign-in succeeds");
            let target = response.headers()["location"].as_bytes();
            let target = std::str::from_utf8(target).expect("a place is text");
            check(target);
            match choice {
                b'v' => assert!(
                    target == sent(&place) || target == "/",
                    "{place:?} became {target:?}"
                ),
                b'q' => assert!(
                    target == sent(text) || target == "/",
                    "{text:?} became {target:?}"
                ),
                _ => {}
            }
        }
    });
}

/// Encodes an address as a browser does: spaces and characters outside ASCII only.
fn sent(place: &str) -> String {
    let encode = |byte: u8| match byte {
        b'!'..=b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    place.bytes().map(encode).collect()
}

fn check(target: &str) {
    assert!(
        target.starts_with('/') && stays(target),
        "{target:?} leaves the origin"
    );
    let odd = |character: char| character == '\\' || character.is_control() || character == ' ';
    assert!(target.is_ascii(), "{target:?} is no URI reference");
    assert!(
        !target.contains(odd),
        "{target:?} is read in more than one way"
    );
    let path = target.split(['?', '#']).next().unwrap();
    assert!(
        path != "/auth" && !path.starts_with("/auth/"),
        "{target:?} is the layer's own"
    );
}
