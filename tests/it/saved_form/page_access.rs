//! The browsers, users and replicas for which the page of a saved form works.

use axum::Router;
use http::{Method, StatusCode, header::ALLOW};
use tower_phone_auth::{Builder, OAuthLayer, SessionKey};
use tower_phone_auth_local_provider::Person;

use super::{
    discard, form,
    page::{BODIES, assert_says, at_the_page},
    press, saved, shop,
};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, JIWOO, location, set_cookies, text},
    shop::{ORIGIN, Shop, routes},
};

#[tokio::test]
async fn a_form_whose_page_was_shown_is_for_its_user_alone() {
    let shop = shop().await;
    for body in BODIES {
        let (mut browser, _, page) = at_the_page(&shop, body).await;
        let offer = browser.visit(&page).await;
        browser.cookies.remove("phone-auth");
        let other = Act::Agree(Person::FOREIGN);
        browser.sign_in("/", other).await;
        let refused = browser.visit(&page).await;
        assert_says(&refused, StatusCode::FORBIDDEN, "another account");
        let pressed = press(&mut browser, &offer).await;
        assert_says(&pressed, StatusCode::FORBIDDEN, "another account");
        discard(&mut browser, &offer).await;
        assert!(saved(&browser).is_some());
        browser.cookies.remove("phone-auth");
        browser.sign_in("/", JIWOO).await;
        assert_eq!(form(&browser.visit(&page).await).unwrap().1, body);
    }
}

#[tokio::test]
async fn another_site_sends_and_discards_nothing() {
    let shop = shop().await;
    let (mut browser, _, page) = at_the_page(&shop, "a=1").await;
    let offer = browser.visit(&page).await;
    let discards = page.replace("/auth/form?", "/auth/form/discard?");
    for site in [
        &[
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
        ][..],
        &[
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-mode", "navigate"),
        ],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ] {
        for address in [&page, &discards] {
            let answer = browser.submit_as(site, address, "a=2").await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{site:?}");
            assert!(set_cookies(&answer).is_empty());
        }
    }
    assert_eq!(form(&browser.visit(&page).await), form(&offer));
}

#[tokio::test]
async fn the_page_answers_users_and_no_scripts_or_malformed_queries() {
    let shop = shop().await;
    let (mut browser, _, page) = at_the_page(&shop, "a=1").await;
    assert_eq!(
        browser.fetch(Method::GET, &page).await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        browser.fetch(Method::PUT, &page).await.status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
    for method in [Method::GET, Method::HEAD, Method::PUT] {
        let discards = page.replace("/auth/form?", "/auth/form/discard?");
        let answer = browser.fetch(method, &discards).await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers()[ALLOW], "POST");
    }
    for query in [
        "",
        "?",
        "?id=",
        "?id=%FF",
        "?id=AAAAAAAAAAAAAAAAAAAAAA",
        "?return_to=//evil.example",
        "?again",
    ] {
        let path = format!("/auth/form{query}");
        let gone = browser.visit(&path).await;
        assert_eq!(gone.status(), StatusCode::GONE, "{query}");
        assert!(!text(&gone).contains("evil"));
        for path in [path, format!("/auth/form/discard{query}")] {
            let answer = browser.submit(&path, "a=1").await;
            assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
            assert!(!location(&answer).contains("evil"));
        }
    }
}

#[tokio::test]
async fn any_replica_offers_and_deletes_a_form() {
    let key = SessionKey::random();
    let settings = |builder: Builder| builder.save_forms().session_key(key.clone());
    let shop = Shop::with(|kakao| kakao, settings).await;
    let another = || -> Router {
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .provider(shop.provider.kakao())
            .clock(shop.time.clock());
        routes().layer(settings(builder).build().unwrap())
    };
    let (mut browser, callback, page) = at_the_page(&shop, "a=1").await;
    browser.moves_to(another());
    assert_eq!(location(&browser.visit(&callback).await), page);
    let offer = browser.visit(&page).await;
    browser.moves_to(another());
    press(&mut browser, &offer).await;
    browser.moves_to(another());
    assert_says(&browser.visit(&page).await, StatusCode::OK, "was sent");
    assert_eq!(location(&browser.visit(&callback).await), "/basket?step=2");
}
