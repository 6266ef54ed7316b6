//! Requests that start a sign-in, the page that it returns to, and other sessions during it.

use http::{Method, StatusCode, header::SET_COOKIE};
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::{come_back_with, error};
use crate::support::{
    browser::{JIWOO, location, text},
    shop::Shop,
};

#[tokio::test]
async fn quirk_77_requests_that_cannot_finish_a_sign_in_are_answered_401() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = ("accept", "text/html");
    let navigation = ("sec-fetch-mode", "navigate");
    let json = ("accept", "application/json");
    for (method, headers) in [
        (Method::POST, &[page, navigation][..]),
        (Method::PUT, &[page, navigation]),
        (Method::DELETE, &[page]),
        (Method::GET, &[json]),
        (Method::GET, &[("sec-fetch-mode", "cors"), page]),
        (Method::GET, &[("x-requested-with", "XMLHttpRequest"), page]),
        (Method::GET, &[]),
    ] {
        let answer = browser.send(method.clone(), "/orders", headers).await;
        assert_eq!(
            answer.status(),
            StatusCode::UNAUTHORIZED,
            "{method} {headers:?}"
        );
        assert!(!answer.headers().contains_key(SET_COOKIE));
        let problem: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(problem["reason"], "no_session");
    }
    let answer = browser.fetch(Method::GET, "/orders").await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn quirk_78_a_sign_in_returns_only_to_a_path_of_this_origin() {
    let shop = Shop::open().await;
    for (return_to, expected) in [
        ("/orders?a=1%262", "/orders?a=1%262"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/.//evil.example", "/"),
        ("/auth/logout", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("", "/"),
    ] {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("return_to", return_to);
        let path = format!("/auth/login?{}", query.finish());
        let back = shop.browser().come_back(&path, JIWOO).await;
        assert_eq!(location(&back), expected, "{return_to}");
    }
}

#[tokio::test]
async fn quirk_78_the_callback_cannot_choose_the_page_to_return_to() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/orders").await;
    let callback = browser.act(&away, JIWOO).await;
    let forged = format!("{callback}&return_to=%2Fevil&redirect_uri=https%3A%2F%2Fevil.example");
    assert_eq!(location(&browser.visit(&forged).await), "/orders");
}

fn faults() -> Vec<(Endpoint, Fault)> {
    let koe = |code| Fault::koe(StatusCode::BAD_REQUEST, code, "invalid_grant", "");
    let api = |status, code| Fault::api(status, code);
    let merge = |account: Value| Fault::Merge(json!({ "kakao_account": account }));
    vec![
        (Endpoint::Token, koe("KOE320")),
        (Endpoint::Token, koe("KOE010")),
        (Endpoint::Token, koe("KOE237")),
        (Endpoint::Token, Fault::Cut),
        (Endpoint::Token, Fault::Huge(2 << 20)),
        (
            Endpoint::Token,
            Fault::Redirect("http://127.0.0.1:9/".to_owned()),
        ),
        (
            Endpoint::Token,
            Fault::Merge(json!({ "token_type": "mac" })),
        ),
        (Endpoint::Profile, api(StatusCode::BAD_REQUEST, -1)),
        (Endpoint::Profile, api(StatusCode::BAD_REQUEST, -10)),
        (Endpoint::Profile, api(StatusCode::UNAUTHORIZED, -401)),
        (Endpoint::Profile, api(StatusCode::UNAUTHORIZED, -406)),
        (
            Endpoint::Profile,
            api(StatusCode::SERVICE_UNAVAILABLE, -9798),
        ),
        (Endpoint::Profile, Fault::Cut),
        (Endpoint::Profile, Fault::Merge(json!({ "id": null }))),
        (
            Endpoint::Profile,
            Fault::Merge(json!({ "kakao_account": null })),
        ),
        (Endpoint::Profile, merge(json!({ "phone_number": null }))),
        (Endpoint::Profile, merge(json!({ "phone_number": "+82" }))),
    ]
}

#[tokio::test]
async fn a_refused_sign_in_ends_no_session() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let session = browser.session().unwrap().to_owned();

    for (endpoint, fault) in faults() {
        shop.provider.fail_next(endpoint, fault);
        let page = browser.come_back("/auth/login", JIWOO).await;
        let kind = error(&page).kind();
        assert_eq!(browser.session(), Some(&*session), "{kind}");
        assert!(browser.pending().is_empty(), "{kind}");
    }
    for query in [
        "error=access_denied&state=STATE",
        "error=server_error&state=STATE",
        "code=c&state=STATE&iss=x",
        "code=c&code=c&state=STATE",
        "",
    ] {
        error(&come_back_with(&mut browser, query).await);
        assert_eq!(browser.session(), Some(&*session), "{query}");
    }
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
}

#[tokio::test]
async fn a_refused_sign_in_starts_no_session() {
    let shop = Shop::open().await;
    for (endpoint, fault) in faults() {
        shop.provider.fail_next(endpoint, fault);
        let mut browser = shop.browser();
        let page = browser.come_back("/", JIWOO).await;
        let kind = error(&page).kind();
        assert!(browser.has_no_sign_in_cookies(), "{kind}");
        assert_eq!(browser.visit("/").await.status(), StatusCode::SEE_OTHER);
    }
}
