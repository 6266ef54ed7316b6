//! The place of a sign-in whose pending cookie is gone.

use std::time::Duration;

use tower_phone_auth::SessionKey;
use tower_phone_auth_local_provider::Endpoint;

use super::{cause, encoded};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, JIWOO, altered, location, parameter, text},
    shop::Shop,
};

#[tokio::test]
async fn a_user_without_the_pending_cookie_keeps_the_place_by_the_pages_link() {
    let shop = Shop::open().await;
    for place in [
        "/cart?a=1%2F&b=%EA%B0%80+x",
        "/orders/7?next=//evil.example",
        &format!("/{}", "%".repeat(599)),
        &format!("/?{}", "&".repeat(598)),
    ] {
        for act in [JIWOO, Act::Cancel] {
            let mut browser = shop.browser();
            let away = browser.visit(place).await;
            let callback = browser.act(&away, act).await;
            browser.cookies.clear();
            let refused = browser.visit(&callback).await;
            let link = format!("return_to={}\"", encoded(place));
            assert!(text(&refused).contains(&link), "{}", text(&refused));
        }
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn a_longer_place_is_in_the_cookie_alone() {
    let shop = Shop::open().await;
    for length in [601, 1200, 2000] {
        let place = format!("/{}", "a".repeat(length - 1));
        let mut browser = shop.browser();
        let away = browser.visit(&place).await;
        let callback = browser.act(&away, JIWOO).await;
        let cookies = browser.cookies.clone();
        browser.cookies.clear();
        let refused = browser.visit(&callback).await;
        assert!(!text(&refused).contains("return_to="), "{length}");
        browser.cookies = cookies;
        assert_eq!(location(&browser.visit(&callback).await), place);
    }
}

#[tokio::test]
async fn a_forged_state_has_no_place() {
    let shop = Shop::with_two_providers().await;
    let mut browser = shop.browser();
    let mut begin = async |place: &str| {
        let login = format!("/auth/login?provider=kakao&return_to={}", encoded(place));
        let away = browser.visit(&login).await;
        (
            parameter(&away, "state").unwrap(),
            browser.act(&away, JIWOO).await,
        )
    };
    let (mine, callback) = begin("/mine").await;
    let (other, _) = begin("/other").await;
    let ((random, sealed), (_, others)) = (
        mine.split_once('.').unwrap(),
        other.split_once('.').unwrap(),
    );
    let flipped = sealed.replacen(|c: char| c.is_ascii_lowercase(), "A", 1);
    for forged in [
        format!("{random}.{others}"),
        format!("{random}.{flipped}"),
        format!("{}.{sealed}", &random[1..]),
        format!("{random}.{}", &sealed[..40]),
        format!("{random}.{}", "A".repeat(3000)),
        format!("{mine}."),
    ] {
        for name in ["kakao", "second"] {
            let forged = altered(&callback, "state", Some(&forged));
            let forged = forged.replacen("kakao", name, 1);
            let refused = browser.visit(&forged).await;
            assert_eq!(cause(&refused), "UnknownState");
            assert!(!text(&refused).contains("return_to="), "{}", text(&refused));
        }
    }
    // The state of one provider is invalid for another one.
    let refused = browser
        .visit(&callback.replacen("kakao", "second", 1))
        .await;
    assert!(!text(&refused).contains("return_to="), "{}", text(&refused));
}

#[tokio::test]
async fn a_state_of_another_key_or_prefix_has_no_place() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/mine").await;
    let callback = browser.act(&away, JIWOO).await;
    let kakao = || shop.provider.kakao();
    for (app, prefix) in [
        (shop.restarted(kakao(), |builder| builder), "/auth"),
        (
            shop.restarted(kakao(), |builder| builder.session_key(SessionKey::random())),
            "/auth",
        ),
        (
            shop.restarted(kakao(), |builder| builder.prefix("/other")),
            "/other",
        ),
    ] {
        browser.moves_to(app);
        let refused = browser.visit(&callback.replacen("/auth", prefix, 1)).await;
        assert_eq!(refused.status(), 400);
        assert!(!text(&refused).contains("return_to="), "{}", text(&refused));
    }
}

#[tokio::test]
async fn a_place_is_kept_for_days_at_the_providers_page() {
    let shop = Shop::open().await;
    for days in [0, 1, 3, 20] {
        let mut browser = shop.browser();
        let away = browser.visit("/mine").await;
        let callback = browser.act(&away, JIWOO).await;
        shop.time
            .pass(Duration::from_secs(31 * 60 + days * 24 * 60 * 60));
        browser.cookies.clear();
        let refused = browser.visit(&callback).await;
        assert_eq!(cause(&refused), "LoginExpired", "{days}");
        assert!(text(&refused).contains("return_to=%2Fmine"), "{days}");
    }
}

#[tokio::test]
async fn the_state_says_nothing_of_the_place_to_the_provider() {
    let shop = Shop::open().await;
    let (one, two) = ("/secret-page", "/secret-page");
    let mut browser = shop.browser();
    let one = parameter(&browser.visit(one).await, "state").unwrap();
    let two = parameter(&browser.visit(two).await, "state").unwrap();
    assert_ne!(one, two);
    let sealed = |state: &str| state.split_once('.').unwrap().1.to_owned();
    assert_ne!(sealed(&one)[14..], sealed(&two)[14..]);
    assert!(!one.contains("secret"));
}
