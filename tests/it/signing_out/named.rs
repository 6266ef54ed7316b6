//! `return_to` of a sign-out: the page of the application that follows.

use http::{Method, StatusCode};
use tower_phone_auth_local_provider::LocalProvider;

use super::{FORM, action, link};
use crate::{
    logout_at_provider::oidc::at_provider,
    support::{
        browser::{Browser, JIWOO, location},
        clients::Clients as _,
        shop::Shop,
    },
};

async fn signed_in(shop: &Shop) -> Browser {
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    browser
}

async fn sign_out(browser: &mut Browser, query: &str) -> String {
    let path = format!("/auth/logout?{query}");
    let away = browser.send(Method::POST, &path, &FORM).await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER, "{query}");
    assert_eq!(away.headers()["cache-control"], "no-store");
    assert_eq!(browser.session(), None, "{query}");
    location(&away).to_owned()
}

#[tokio::test]
async fn a_public_page_of_this_origin_follows_the_sign_out() {
    for settings in [None, Some("/healthz")] {
        let shop = Shop::with(
            |kakao| kakao,
            |builder| match settings {
                Some(page) => builder.after_sign_out(page),
                None => builder,
            },
        )
        .await;
        for (query, page) in [
            ("return_to=%2Fmaybe%3Fa%3D1%23top", "/maybe?a=1#top"),
            ("return_to=/maybe", "/maybe"),
            ("everywhere&return_to=%2Fmaybe", "/maybe"),
        ] {
            let mut browser = signed_in(&shop).await;
            assert_eq!(sign_out(&mut browser, query).await, page);
        }
    }
}

#[tokio::test]
async fn no_page_elsewhere_and_no_protected_page_follows_it() {
    let shop = Shop::with(|kakao| kakao, |builder| builder.after_sign_out("/healthz")).await;
    for target in [
        "https://evil.example/maybe",
        "//evil.example/maybe",
        "/\\evil.example/maybe",
        "/%09/evil.example",
        "/.//evil.example",
        "javascript:alert(1)",
        "/cart",
        "/",
        "/auth/login",
        "/maybe/../cart",
        "/m%61ybe",
        "",
    ] {
        let mut browser = signed_in(&shop).await;
        let target: String = form_urlencoded::byte_serialize(target.as_bytes()).collect();
        let page = sign_out(&mut browser, &format!("return_to={target}")).await;
        assert_eq!(page, "/healthz", "{target}");
    }
}

#[tokio::test]
async fn the_question_keeps_it() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    let question = browser.visit("/auth/logout?return_to=%2Fmaybe").await;
    assert_eq!(link(&question, "Cancel").as_deref(), Some("/maybe"));
    let away = browser.send(Method::POST, &action(&question), &FORM).await;
    assert_eq!(location(&away), "/maybe");
}

#[tokio::test]
async fn the_way_back_from_the_provider_leads_to_it() {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc().logout_at_provider();
    let shop = Shop::at(provider, oidc, |builder| builder.after_sign_out("/healthz"));
    for (query, page) in [
        ("return_to=%2Fmaybe%3Fa", "/maybe?a"),
        ("return_to=%2Fcart", "/healthz"),
    ] {
        let mut browser = signed_in(&shop).await;
        let away = sign_out(&mut browser, query).await;
        let back = at_provider(&away).await;
        assert_eq!(location(&browser.visit(&back).await), page);
    }
}
