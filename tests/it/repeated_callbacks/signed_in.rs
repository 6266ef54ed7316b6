//! A repeated callback after a sign-in: aborted, simultaneous, reloaded, or after a sign-out.

use http::{Method, StatusCode};
use tower_phone_auth::error::LoginErrorKind;
use tower_phone_auth_local_provider::Endpoint;

use super::gate::Gate;
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, location, refusal, text},
    events::Events,
    shop::{ORIGIN, Shop, routes},
};

/// A browser before its callback, a copy of it, and the path of the callback.
async fn begin(shop: &Shop, path: &str) -> (Browser, Browser, String) {
    let mut browser = shop.browser();
    let away = browser.visit(path).await;
    let callback = browser.act(&away, JIWOO).await;
    let mut copy = shop.browser();
    copy.cookies = browser.cookies.clone();
    (browser, copy, callback)
}

#[tokio::test]
async fn an_aborted_callback_signs_in_when_it_is_loaded_again() {
    let gate = Gate::new();
    let shop = Shop::with(|kakao| kakao, |builder| gate.stop_in(builder)).await;
    let events = Events::capture();
    for path in ["/cart?item=7", "/orders", "/"] {
        shop.provider.forget_requests();
        let (mut first, mut browser, callback) = begin(&shop, path).await;
        let aborted = callback.clone();
        let first = tokio::spawn(async move { first.visit(&aborted).await });
        gate.wait_for_one().await;
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        gate.open_for_one();
        assert_eq!(location(&browser.visit(&callback).await), path);
        assert_eq!(text(&browser.visit("/").await), "+821012345678");
        assert_eq!(shop.provider.count(Endpoint::Token), 1);
    }
    assert_eq!(events.audit("sign_in").len(), 3);
    assert!(events.audit("refusal").is_empty());
}

#[tokio::test]
async fn two_callbacks_at_once_get_one_session_of_one_exchange() {
    let gate = Gate::new();
    let shop = Shop::with(|kakao| kakao, |builder| gate.stop_in(builder)).await;
    let (mut one, mut two, callback) = begin(&shop, "/cart").await;
    let same = callback.clone();
    let one = tokio::spawn(async move {
        let page = one.visit(&same).await;
        (location(&page).to_owned(), one)
    });
    gate.wait_for_one().await;
    let two = tokio::spawn(async move {
        let page = two.visit(&callback).await;
        (location(&page).to_owned(), two)
    });
    gate.open_for_one();
    let ((first, one), (second, two)) = (one.await.unwrap(), two.await.unwrap());
    assert_eq!([first, second], ["/cart", "/cart"]);
    assert_eq!(one.session(), two.session());
    assert!(one.session().is_some());
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_reload_after_the_answer_leads_to_the_same_page() {
    let shop = Shop::open().await;
    let (mut browser, _, callback) = begin(&shop, "/cart?item=7").await;
    for _ in 0..3 {
        assert_eq!(location(&browser.visit(&callback).await), "/cart?item=7");
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_user_who_signed_out_since_is_not_signed_in_by_a_repeated_callback() {
    let shop = Shop::open().await;
    for path in ["/auth/logout", "/auth/logout?everywhere"] {
        let (mut browser, mut copy, callback) = begin(&shop, "/cart").await;
        browser.visit(&callback).await;
        browser.fetch(Method::POST, path).await;
        assert_eq!(browser.session(), None);
        for browser in [&mut browser, &mut copy] {
            let page = browser.visit(&callback).await;
            assert_eq!(
                crate::support::browser::not_pending(refusal(&page)),
                Some(LoginErrorKind::UnknownState)
            );
            assert_eq!(browser.session(), None);
        }
    }
}

#[tokio::test]
async fn a_sign_out_before_the_answer_arrived_counts_as_well() {
    let shop = Shop::open().await;
    let (mut lost, mut browser, callback) = begin(&shop, "/cart").await;
    lost.visit(&callback).await;
    browser.fetch(Method::POST, "/auth/logout").await;
    let page = browser.visit(&callback).await;
    assert_eq!(
        crate::support::browser::not_pending(refusal(&page)),
        Some(LoginErrorKind::UnknownState)
    );
    assert_eq!(browser.session(), None);
}

#[tokio::test]
async fn a_session_that_was_used_is_not_given_out_again() {
    let shop = Shop::open().await;
    let (mut browser, mut copy, callback) = begin(&shop, "/cart").await;
    browser.visit(&callback).await;
    browser.visit("/cart").await;
    let page = copy.visit(&callback).await;
    assert_eq!(
        crate::support::browser::not_pending(refusal(&page)),
        Some(LoginErrorKind::UnknownState)
    );
    assert_eq!(copy.session(), None);
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn another_replica_answers_a_page_that_keeps_the_place() {
    let key = tower_phone_auth::SessionKey::random();
    let shop = Shop::with(|kakao| kakao, |builder| builder.session_key(key.clone())).await;
    let (mut browser, mut copy, callback) = begin(&shop, "/cart").await;
    browser.visit(&callback).await;
    let other = tower_phone_auth::OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(key)
        .provider(shop.provider.kakao())
        .clock(shop.time.clock());
    copy.moves_to(routes().layer(other.build().unwrap()));
    let page = copy.visit(&callback).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::CodeRejected));
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    assert!(text(&page).contains("return_to=%2Fcart"));
    assert_eq!(text(&page).matches("class=\"act\"").count(), 1);
    assert_eq!(copy.session(), None);
}
