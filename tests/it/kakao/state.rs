//! The state is bound to a browser, a time and one use.

use std::time::Duration;

use tower_phone_auth::error::LoginErrorKind::{
    Cancelled, MalformedCallback, ProviderRefused, UnknownState,
};
use tower_phone_auth_local_provider::Endpoint;

use super::{assert_signed_in, come_back_with, refusal};
use crate::support::{
    browser::{JIWOO, location, text},
    shop::Shop,
};

#[tokio::test]
async fn quirk_24_a_reloaded_callback_leads_to_the_same_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/orders").await;
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/orders");
    let session = browser.session().unwrap().to_owned();

    for _ in 0..2 {
        assert_eq!(location(&browser.visit(&callback).await), "/orders");
        assert_eq!(browser.session(), Some(&*session));
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn quirk_24_a_copied_state_is_not_exchanged_again() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    let mut copy = shop.browser();
    copy.cookies = browser.cookies.clone();
    assert_signed_in(&browser.visit(&callback).await, "the first");
    browser.visit("/").await;

    let page = copy.visit(&callback).await;
    assert_eq!(
        crate::support::outcome::not_pending(refusal(&page)),
        (400, UnknownState, None)
    );
    assert!(copy.has_no_sign_in_cookies());
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn quirk_24_two_simultaneous_callbacks_make_one_exchange() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    let mut other = shop.browser();
    other.cookies = browser.cookies.clone();

    let (first, second) = tokio::join!(browser.visit(&callback), other.visit(&callback));
    assert_eq!([location(&first), location(&second)], ["/", "/"]);
    assert_eq!(browser.session(), other.session());
    assert_eq!(shop.provider.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn quirk_25_a_state_that_is_missing_or_wrong_ends_before_any_request() {
    let shop = Shop::open().await;
    let other = "A".repeat(43);
    // An error without a state is shown with its own cause, and starts no session.
    let missing = [
        ("code=c", (400, MalformedCallback)),
        ("error=access_denied", (403, Cancelled)),
        ("error=login_required", (403, ProviderRefused)),
    ];
    for (rest, (status, kind)) in missing {
        for state in ["", "&state="] {
            let query = format!("{rest}{state}");
            let page = come_back_with(&mut shop.browser(), &query).await;
            let (found_status, found, _) = refusal(&page);
            assert_eq!((found_status, found), (status, kind), "{query}");
        }
        for state in [&other, "STATEx"] {
            let query = format!("{rest}&state={state}");
            let page = come_back_with(&mut shop.browser(), &query).await;
            assert_eq!(
                crate::support::outcome::not_pending(refusal(&page)),
                (400, UnknownState, None),
                "{query}"
            );
        }
    }
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn quirk_25_a_state_of_another_browser_ends_before_any_request() {
    let shop = Shop::open().await;
    let mut mallory = shop.browser();
    let away = mallory.visit("/").await;
    let callback = mallory.act(&away, JIWOO).await;

    let mut browser = shop.browser();
    browser.visit("/").await;
    let page = browser.visit(&callback).await;
    assert_eq!(
        crate::support::outcome::not_pending(refusal(&page)),
        (400, UnknownState, None)
    );
    assert!(browser.session().is_none());
    assert_eq!(
        browser.pending().len(),
        1,
        "the sign-in of this browser continues"
    );
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn quirk_25_a_state_is_valid_for_half_an_hour() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for (seconds, signs_in) in [(30 * 60 - 1, true), (30 * 60, false)] {
        browser.cookies.clear();
        shop.provider.forget_requests();
        let away = browser.visit("/").await;
        let callback = browser.act(&away, JIWOO).await;
        shop.time.pass(Duration::from_secs(seconds));
        let page = browser.visit(&callback).await;
        if signs_in {
            assert_signed_in(&page, "in time");
        } else {
            assert_eq!(
                crate::support::outcome::not_pending(refusal(&page)),
                (400, UnknownState, None)
            );
            assert_eq!(shop.provider.count(Endpoint::Token), 0);
        }
    }
}

#[tokio::test]
async fn quirk_79_two_tabs_finish_in_either_order() {
    for order in [[0, 1], [1, 0]] {
        let shop = Shop::open().await;
        let mut browser = shop.browser();
        let tabs = ["/first", "/second"];
        let mut callbacks = Vec::new();
        for tab in tabs {
            let away = browser.visit(tab).await;
            callbacks.push(browser.act(&away, JIWOO).await);
        }
        for index in order {
            let back = browser.visit(&callbacks[index]).await;
            assert_eq!(location(&back), tabs[index]);
        }
        assert!(browser.pending().is_empty());
        assert_eq!(text(&browser.visit("/").await), "+821012345678");
    }
}
