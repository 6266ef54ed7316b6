//! Pending sign-ins: their number in a browser, and their end.

use std::time::Duration;

use http::StatusCode;

use crate::support::{
    browser::{Browser, JIWOO, location, set_cookies},
    shop::Shop,
};

fn bytes_held(browser: &Browser) -> usize {
    let pairs = browser.cookies.iter();
    pairs
        .map(|(name, value)| name.len() + value.len() + 3)
        .sum()
}

#[tokio::test]
async fn sixty_abandoned_sign_ins_leave_5000_bytes_of_cookies() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for index in 0..60 {
        browser.visit(&format!("/product/{index}")).await;
        shop.time.pass(Duration::from_secs(1));
    }
    assert!(bytes_held(&browser) <= 5_000, "{}", bytes_held(&browser));
}

#[tokio::test]
async fn sixty_abandoned_sign_ins_with_the_longest_return_to_stay_small_too() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for index in 10..70 {
        browser
            .visit(&format!("/{index}{}", "a".repeat(2045)))
            .await;
    }
    assert!(bytes_held(&browser) <= 6 * 1024, "{}", bytes_held(&browser));
}

#[tokio::test]
async fn the_newest_pending_sign_ins_are_kept() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for _ in 0..10 {
        browser.visit("/old").await;
        shop.time.pass(Duration::from_secs(1));
    }
    let mut callbacks = Vec::new();
    for path in ["/a", "/b", "/c"] {
        let away = browser.visit(path).await;
        callbacks.push((browser.act(&away, JIWOO).await, path));
        shop.time.pass(Duration::from_secs(1));
    }
    for (callback, path) in callbacks {
        assert_eq!(location(&browser.visit(&callback).await), path);
    }
}

#[tokio::test]
async fn expired_pending_cookies_are_deleted_and_unreadable_ones_stay() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.visit("/old").await;
    let old = browser.pending()[0].to_owned();
    shop.time.pass(Duration::from_secs(30 * 60));
    for index in 0..20 {
        let name = format!("phone-auth-login-junk{index}");
        browser.cookies.insert(name, "x".repeat(100));
    }
    browser.visit("/new").await;
    assert!(!browser.cookies.contains_key(&old));
    assert_eq!(browser.pending().len(), 21);
}

#[tokio::test]
async fn a_pending_sign_in_is_deleted_after_its_use() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.come_back("/", JIWOO).await;
    assert!(browser.pending().is_empty());
    assert!(browser.session().is_some());
}

#[tokio::test]
async fn other_cookies_of_the_site_are_not_touched() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser
        .cookies
        .insert("theme".to_owned(), "dark".to_owned());
    browser
        .cookies
        .insert("phone-authority".to_owned(), "x".to_owned());
    for _ in 0..10 {
        for cookie in set_cookies(&browser.visit("/").await) {
            assert!(cookie.starts_with("phone-auth-login-"), "{cookie}");
        }
    }
    assert!(browser.cookies.contains_key("theme"));
    assert!(browser.cookies.contains_key("phone-authority"));
}

#[tokio::test]
async fn two_tabs_return_in_either_order() {
    for reversed in [false, true] {
        let shop = Shop::open().await;
        let mut browser = shop.browser();
        let (one, two) = (browser.visit("/one").await, browser.visit("/two").await);
        let one = (browser.act(&one, JIWOO).await, "/one");
        let two = (browser.act(&two, JIWOO).await, "/two");
        let order = if reversed { [two, one] } else { [one, two] };
        for (callback, path) in order {
            assert_eq!(location(&browser.visit(&callback).await), path);
        }
        assert!(browser.pending().is_empty());
    }
}

#[tokio::test]
async fn two_tabs_that_start_without_a_cookie_both_succeed() {
    let shop = Shop::open().await;
    let (mut tab, mut other) = (shop.browser(), shop.browser());
    let (one, two) = (tab.visit("/one").await, other.visit("/two").await);
    tab.cookies.extend(other.cookies.clone());
    for (away, path) in [(one, "/one"), (two, "/two")] {
        let callback = tab.act(&away, JIWOO).await;
        assert_eq!(location(&tab.visit(&callback).await), path);
    }
}

#[tokio::test]
async fn a_request_with_many_pending_cookies_reaches_the_application() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    for index in 0..100 {
        let name = format!("phone-auth-login-{index}");
        browser.cookies.insert(name, "x".repeat(300));
    }
    let page = browser.visit("/").await;
    assert_eq!(page.status(), StatusCode::OK);
}
