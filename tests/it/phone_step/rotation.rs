//! Steps while the session key is exchanged.

use http::StatusCode;
use tower_phone_auth::{OAuthLayer, SessionKey, phone_step::PhoneStep};

use super::{
    kit::{NUMBER, begin, code, number, other_than, resend},
    services::{RIGHT, Service},
    sessions::Rebuilt,
};
use crate::support::{
    browser::{Browser, location, text},
    clients::Clients as _,
    shop::{ORIGIN, routes},
};

/// A layer with a new key, which still knows the old one.
fn rotated(shop: &mut Rebuilt, layer: &OAuthLayer) -> OAuthLayer {
    shop.key = SessionKey::random().and(shop.key.clone());
    layer.rebuilt(shop.builder()).unwrap()
}

/// A browser that has got a message, and the layer with the new key.
async fn asked_before() -> (Rebuilt, Browser, OAuthLayer) {
    let mut shop = Rebuilt::new().await;
    let layer = shop.builder().build().unwrap();
    let mut browser = Rebuilt::browser(&layer);
    begin(&mut browser, "/deep").await;
    number(&mut browser, NUMBER).await;
    let layer = rotated(&mut shop, &layer);
    browser.moves_to(routes().layer(layer.clone()));
    (shop, browser, layer)
}

#[tokio::test]
async fn a_code_of_before_is_right_and_wrong_ones_of_before_count() {
    let (shop, mut browser, _) = asked_before().await;
    let right = shop.outbox.code();
    let page = code(&mut browser, &other_than(&right)).await;
    assert!(text(&page).contains("4 more tries"), "{}", text(&page));
    assert_eq!(location(&code(&mut browser, &right).await), "/deep");
    assert_eq!(text(&browser.visit("/").await), "+821023456789");
}

#[tokio::test]
async fn a_new_key_permits_no_further_message() {
    let (mut shop, mut browser, mut layer) = asked_before().await;
    for _ in 0..2 {
        let page = resend(&mut browser).await;
        assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
        // The limit on the number is 1, in another step as well.
        let mut other = Rebuilt::browser(&layer);
        begin(&mut other, "/").await;
        let page = number(&mut other, NUMBER).await;
        assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
        layer = rotated(&mut shop, &layer);
        browser.moves_to(routes().layer(layer.clone()));
    }
    assert_eq!(shop.outbox.count(), 1);
}

#[tokio::test]
async fn a_verification_of_a_service_goes_on_under_a_new_key() {
    let shop = Rebuilt::new().await;
    let service = Service::default();
    let builder = |key: SessionKey| {
        OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(key)
            .provider(shop.provider.kakao())
            .phone_step(PhoneStep::verifier(service.clone()))
    };
    let layer = builder(shop.key.clone()).build().unwrap();
    let mut browser = Rebuilt::browser(&layer);
    begin(&mut browser, "/").await;
    number(&mut browser, NUMBER).await;
    let key = SessionKey::random().and(shop.key.clone());
    let layer = layer.rebuilt(builder(key)).unwrap();
    browser.moves_to(routes().layer(layer.clone()));
    assert_eq!(location(&code(&mut browser, RIGHT).await), "/");
}
