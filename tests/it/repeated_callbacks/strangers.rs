//! Only the browser with the pending cookie gets the outcome, and other browsers evict no outcome.

use tower_phone_auth::error::LoginErrorKind;
use tower_phone_auth_local_provider::Endpoint;

use crate::support::{
    browser::{JIWOO, location, parameter, refusal},
    shop::Shop,
};

#[tokio::test]
async fn another_browser_with_the_same_state_gets_no_outcome() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    let mut lost = shop.browser();
    lost.cookies = browser.cookies.clone();
    lost.visit(&callback).await;
    let name = browser.pending()[0].to_owned();
    let mut other = shop.browser();
    other.visit("/").await;
    let own = other.cookies.values().next().unwrap().clone();
    for cookies in [vec![], vec![(name, own.clone())], other.jar()] {
        let mut stranger = shop.browser();
        stranger.cookies = cookies.into_iter().collect();
        let page = stranger.visit(&callback).await;
        assert_eq!(
            crate::support::browser::not_pending(refusal(&page)),
            Some(LoginErrorKind::UnknownState)
        );
        assert_eq!(stranger.session(), None);
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
}

#[tokio::test]
async fn refusals_of_other_browsers_evict_no_sign_in() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    let mut lost = shop.browser();
    lost.cookies = browser.cookies.clone();
    lost.visit(&callback).await;
    let mut stranger = shop.browser();
    for _ in 0..4200 {
        stranger.cookies.clear();
        let state = parameter(&stranger.visit("/").await, "state").unwrap();
        let path = format!("/auth/callback/kakao?state={state}&error=access_denied");
        assert!(refusal(&stranger.visit(&path).await).is_some());
    }
    assert_eq!(location(&browser.visit(&callback).await), "/cart");
    assert!(browser.session().is_some());
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}
