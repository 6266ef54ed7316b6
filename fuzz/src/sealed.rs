//! Sealed cookies: a changed cookie does not open, and no sealed content causes a panic.
//!
//! The first byte chooses: `r` a cookie's value as it is; `f` changes to the sealed bytes of a
//! session; `e` changes to the content of a session, sealed again with the true key; `p` any bytes
//! sealed as a session; `l` and `L` the same two for a pending sign-in; `F` a saved form; `H` the
//! cookies of sign-out.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{Request, StatusCode, header::COOKIE};
use http_body_util::Full;
use serde_json::json;
use tower_phone_auth::Kakao;

use crate::{
    fake::{Fake, json, tokens},
    seal::{self, Purpose},
    shop::{Attempt, COOKIE_NAME, Kept, ORIGIN, Shop, reached, stays},
    text,
};

thread_local! {
    static SHOP: Kept<Shop> = Kept::new(shop());
}

pub fn target(data: &[u8]) {
    let Some((choice, rest)) = text::choice(data) else {
        return;
    };
    SHOP.with(|shop| match choice {
        b'r' => raw(shop, rest),
        b'f' => forged(shop, rest),
        b'e' => session(shop, |plain| text::edit(plain, rest)),
        b'p' => session(shop, |plain| *plain = rest.to_vec()),
        b'l' => login(shop, |plain| text::edit(plain, rest)),
        b'L' => login(shop, |plain| *plain = rest.to_vec()),
        b'F' => form(shop, rest),
        b'H' => sign_out(shop, rest),
        _ => {}
    });
}

fn shop() -> Shop {
    let account = json!({ "id": 1, "kakao_account": { "phone_number": "+82 10-1234-5678" } });
    let fake = Fake::new(move |request| {
        Some(match request.uri().path() {
            "/oauth/token" => tokens(None),
            _ => json(StatusCode::OK, account.to_string()),
        })
    });
    let kakao = Kakao::new("client", "secret").logout_at_provider();
    Shop::with(kakao, fake, |builder| builder.save_forms())
}

fn raw(shop: &Shop, value: &[u8]) {
    let line = [COOKIE_NAME.as_bytes(), b"=", value].concat();
    let Ok(request) = Request::get("/").header(COOKIE, line).body(Full::default()) else {
        return;
    };
    assert!(
        reached(&shop.send(request)).is_none(),
        "a cookie that was not sealed"
    );
}

fn forged(shop: &Shop, edits: &[u8]) {
    let cookie = shop.session("kakao", "1");
    let (_, value) = cookie.split_once('=').unwrap();
    let whole = URL_SAFE_NO_PAD.decode(value).unwrap();
    let mut bytes = whole.clone();
    text::edit(&mut bytes, edits);
    let forged = format!("{COOKIE_NAME}={}", URL_SAFE_NO_PAD.encode(&bytes));
    assert_eq!(shop.lets_in(&forged), bytes == whole);
}

fn session(shop: &Shop, change: impl FnOnce(&mut Vec<u8>)) {
    let cookie = shop.session("kakao", "1");
    let (_, value) = cookie.split_once('=').unwrap();
    let whole = seal::open(Purpose::Session, COOKIE_NAME, value.as_bytes());
    let mut plain = whole.clone();
    change(&mut plain);
    let value = seal::seal(Purpose::Session, COOKIE_NAME, &plain);
    // The application behind the layer checks the user that it gets.
    let is_in = shop.lets_in(&format!("{COOKIE_NAME}={value}"));
    assert!(is_in || plain != whole, "the unchanged session is accepted");
}

fn login(shop: &Shop, change: impl FnOnce(&mut Vec<u8>)) {
    let attempt = shop.begin("/orders?page=2").expect("a login begins");
    let (name, value) = attempt.cookies.split_once('=').unwrap();
    let mut plain = seal::open(Purpose::Pending, name, value.as_bytes());
    change(&mut plain);
    let value = seal::seal(Purpose::Pending, name, &plain);
    let cookies = format!("{name}={value}");
    let response = shop.come_back("kakao", &Attempt { cookies, ..attempt });
    if shop.arrival(&response).is_some() {
        let target = response.headers()["location"].as_bytes();
        let target = std::str::from_utf8(target).expect("a place is text");
        assert!(stays(target) && target.starts_with('/'));
    }
}

fn form(shop: &Shop, plain: &[u8]) {
    let name = format!("{COOKIE_NAME}-form");
    let form = format!("{name}={}", seal::seal(Purpose::Form, &name, plain));
    let session = shop.session("kakao", "1");
    shop.visit("/auth/login", &form);
    let attempt = shop.begin("/").expect("a login begins");
    let cookies = format!("{form}; {}", attempt.cookies);
    shop.come_back("kakao", &Attempt { cookies, ..attempt });
    shop.visit("/", &format!("{session}; {form}"));
}

fn sign_out(shop: &Shop, plain: &[u8]) {
    for name in ["__Secure-phone-auth-hint", "__Secure-phone-auth-leaving"] {
        let value = seal::seal(Purpose::Logout, name, plain);
        let cookies = format!("{}; {name}={value}", shop.session("kakao", "1"));
        shop.visit("/auth/logout/done?state=state", &cookies);
        let request = Request::post("/auth/logout")
            .header("origin", ORIGIN)
            .header("sec-fetch-site", "same-origin")
            .header("accept", "text/html")
            .header(COOKIE, cookies)
            .body(Full::default());
        shop.send(request.unwrap());
    }
}
