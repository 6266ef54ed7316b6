//! Sign-outs: only a page of this site can end a session.

use http::{Method, StatusCode, header::CONTENT_TYPE};

use crate::support::{
    browser::{Browser, JIWOO, set_cookies, text},
    shop::{HTTPS, Shop},
};

async fn signed_in(shop: &Shop) -> Browser {
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    browser
}

#[tokio::test]
async fn another_site_cannot_sign_a_user_out() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "SAME-ORIGIN")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "")],
        &[("origin", "https://127.0.0.1:3000")],
        &[("origin", "http://127.0.0.1:3001")],
        &[("origin", "http://127.0.0.1")],
        &[("origin", "http://127.0.0.1:3000/")],
        &[("origin", "http://127.0.0.1:3000.evil.example")],
        &[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://127.0.0.1:3000"),
        ],
        &[
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "cross-site"),
        ],
        &[
            ("origin", "http://127.0.0.1:3000"),
            ("origin", "https://evil.example"),
        ],
        &[("origin", "https://evil.example"), ("host", "evil.example")],
    ] {
        let answer = browser.send(Method::POST, "/auth/logout", headers).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
        assert!(set_cookies(&answer).is_empty() && browser.session().is_some());
    }
}

#[tokio::test]
async fn a_link_or_an_image_signs_no_user_out() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    for method in [Method::GET, Method::HEAD] {
        let answer = browser.send(method, "/auth/logout", &[]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(set_cookies(&answer).is_empty());
    }
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
}

#[tokio::test]
async fn other_methods_sign_no_user_out() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    for method in [Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
        let answer = browser.send(method, "/auth/logout", &[]).await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert!(set_cookies(&answer).is_empty());
    }
}

#[tokio::test]
async fn a_page_of_this_site_signs_out() {
    for headers in [
        &[
            ("sec-fetch-site", "same-origin"),
            ("origin", "http://127.0.0.1:3000"),
        ][..],
        &[("sec-fetch-site", "same-origin")],
        &[("origin", "http://127.0.0.1:3000")],
    ] {
        let shop = Shop::open().await;
        let mut browser = signed_in(&shop).await;
        let answer = browser.send(Method::POST, "/auth/logout", headers).await;
        assert_eq!(answer.status(), StatusCode::NO_CONTENT, "{headers:?}");
        assert_eq!(browser.session(), None);
    }
}

#[tokio::test]
async fn the_cookie_is_deleted_with_the_attributes_it_was_set_with() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    let answer = browser.send(Method::POST, "/auth/logout", &[]).await;
    let deletion = "phone-auth=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0";
    assert_eq!(set_cookies(&answer).last(), Some(&deletion));

    let shop = Shop::secure().await;
    let mut browser = Browser::new(shop.app.clone(), HTTPS);
    let answer = browser.send(Method::POST, "/auth/logout", &[]).await;
    let deletion = "__Host-phone-auth=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0";
    assert_eq!(set_cookies(&answer), [deletion]);
}

#[tokio::test]
async fn signing_out_works_while_the_provider_is_down() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    drop(shop);
    let answer = browser.send(Method::POST, "/auth/logout", &[]).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(browser.session(), None);
}

#[tokio::test]
async fn quirk_80_81_signing_out_calls_and_ends_nothing_at_the_provider() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    shop.provider.forget_requests();
    browser.send(Method::POST, "/auth/logout", &[]).await;
    assert!(shop.provider.requests().is_empty());
}
