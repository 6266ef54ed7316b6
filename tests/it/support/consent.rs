//! A phone number that the user did not share: the second request, and the next sign-in.

use tower_phone_auth::error::LoginErrorKind::Cancelled;
use tower_phone_auth_local_provider::{Endpoint, Person};

use super::{
    browser::{Act, JIWOO, Page, text},
    outcome::{assert_signed_in, refusal},
    shop::Shop,
};

pub(crate) const UNTICKED: Act = Act::Untick(Person::WITH_PHONE);

/// A user who declines the second request gets a page and no session.
pub(crate) async fn assert_a_declined_second_request_is_refused(shop: &Shop) {
    let mut browser = shop.browser();
    let again = browser.come_back("/", UNTICKED).await;
    let callback = browser.act(&again, Act::Cancel).await;
    let page = browser.visit(&callback).await;
    assert_eq!(refusal(&page), (403, Cancelled, Some("access_denied")));
    assert!(browser.has_no_sign_in_cookies());
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

/// A user who did not share the number is asked again at the next sign-in. `asks` recognizes the
/// second request of the provider.
pub(crate) async fn assert_the_next_sign_in_asks_again(shop: &Shop, asks: impl Fn(&Page) -> bool) {
    let mut browser = shop.browser();
    let again = browser.come_back("/", UNTICKED).await;
    let callback = browser.act(&again, UNTICKED).await;
    browser.visit(&callback).await;

    let again = browser.come_back("/", UNTICKED).await;
    assert!(asks(&again), "{}", text(&again));
    let callback = browser.act(&again, JIWOO).await;
    assert_signed_in(&browser.visit(&callback).await, "the number was shared");
}
