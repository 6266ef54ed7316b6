//! Pending logins: how many a browser holds, and when they go.

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
async fn sixty_abandoned_logins_leave_5000_bytes_of_cookies() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for index in 0..60 {
        browser.visit(&format!("/product/{index}")).await;
        shop.time.pass(Duration::from_secs(1));
    }
    assert!(bytes_held(&browser) <= 5_000, "{}", bytes_held(&browser));
}

#[tokio::test]
async fn sixty_abandoned_logins_with_the_longest_targets_stay_small_too() {
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
async fn the_newest_logins_are_the_ones_kept() {
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
async fn expired_pending_cookies_make_room_and_those_that_do_not_open_stay() {
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
async fn a_pending_login_is_gone_after_its_use() {
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
async fn two_tabs_come_back_in_either_order() {
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
async fn two_tabs_that_begin_before_either_has_a_cookie_both_succeed() {
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
async fn a_path_with_many_pending_cookies_still_reaches_the_app() {
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
