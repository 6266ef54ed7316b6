//! A phone number that was not shared, at any provider, and what comes after it was asked for again.

use tower_phone_auth::{
    LoginErrorKind::Cancelled,
    local_provider::{Endpoint, Person},
};

use super::{
    browser::{Act, JIWOO, Page, text},
    outcome::{assert_signed_in, refusal},
    shop::Shop,
};

pub(crate) const UNTICKED: Act = Act::Untick(Person::WITH_PHONE);

/// Whoever declines the second request ends on a page.
pub(crate) async fn a_second_request_is_declined(shop: &Shop) {
    let mut browser = shop.browser();
    let again = browser.come_back("/", UNTICKED).await;
    let callback = browser.act(&again, Act::Cancel).await;
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), (403, Cancelled, Some("access_denied")));
    assert!(browser.holds_nothing());
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

/// Whoever shared nothing in one login is asked again in the next, which the provider's dialect shows.
pub(crate) async fn the_next_login_asks_again(shop: &Shop, asks: impl Fn(&Page) -> bool) {
    let mut browser = shop.browser();
    let again = browser.come_back("/", UNTICKED).await;
    let callback = browser.act(&again, UNTICKED).await;
    browser.visit(&callback).await;

    let again = browser.come_back("/", UNTICKED).await;
    assert!(asks(&again), "{}", text(&again));
    let callback = browser.act(&again, JIWOO).await;
    assert_signed_in(&browser.visit(&callback).await, "at last");
}
