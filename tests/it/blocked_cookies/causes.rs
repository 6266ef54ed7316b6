//! The reasons why the cookie of a callback is missing. Page and log distinguish them as far as the
//! request shows them.

use std::{collections::BTreeSet, time::Duration};

use http::HeaderValue;

use crate::{
    support::{
        browser::{Browser, JIWOO, Page, altered, text},
        events::Events,
        shop::Shop,
    },
    tabs::cause,
};

/// A browser at the end of its sign-in, and the callback that it has not opened yet.
async fn begin(shop: &Shop, host: &'static str) -> (Browser, String) {
    let mut browser = shop.browser();
    browser
        .headers
        .insert("host", HeaderValue::from_static(host));
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    (browser, callback)
}

const HOST: &str = "127.0.0.1:3000";

async fn blocked(shop: &Shop) -> Page {
    let (mut browser, callback) = begin(shop, HOST).await;
    browser.cookies.clear();
    browser.visit(&callback).await
}

/// A browser that has only the cookie of another attempt.
async fn another_window(shop: &Shop) -> Page {
    let (_, callback) = begin(shop, HOST).await;
    let (mut browser, _) = begin(shop, HOST).await;
    browser.visit(&callback).await
}

async fn another_browser_that_was_here(shop: &Shop) -> Page {
    let (mut browser, callback) = begin(shop, HOST).await;
    browser.cookies.clear();
    let last = ("phone-auth-last".to_owned(), "kakao".to_owned());
    browser.cookies.extend([last]);
    browser.visit(&callback).await
}

async fn another_host(shop: &Shop, host: &'static str) -> Page {
    let (mut browser, callback) = begin(shop, host).await;
    browser.cookies.clear();
    browser
        .headers
        .insert("host", HeaderValue::from_static(HOST));
    browser.visit(&callback).await
}

/// A request of HTTP/2 has its host in the target, and no `Host`.
async fn another_host_by_http_2(shop: &Shop) -> Page {
    let mut browser = shop.browser();
    let away = browser.visit("http://app.internal:3000/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.cookies.clear();
    browser.visit(&format!("http://{HOST}{callback}")).await
}

/// A browser that has dropped the expired cookie, or keeps it because its clock is behind.
async fn expired(shop: &Shop, keeps: bool) -> Page {
    let (mut browser, callback) = begin(shop, HOST).await;
    shop.time.pass(Duration::from_secs(30 * 60));
    if !keeps {
        browser.cookies.clear();
    }
    browser.visit(&callback).await
}

async fn forged(shop: &Shop) -> Page {
    let (mut browser, callback) = begin(shop, HOST).await;
    let state = "A".repeat(43);
    browser
        .visit(&altered(&callback, "state", Some(&state)))
        .await
}

async fn used(shop: &Shop) -> Page {
    let (mut browser, callback) = begin(shop, HOST).await;
    browser.visit(&callback).await;
    let (mut thief, _) = begin(shop, HOST).await;
    thief.visit(&callback).await
}

/// For each kind of request: the expected cause, the page, and words of the page.
async fn all(shop: &Shop) -> Vec<(&'static str, Page, &'static str)> {
    vec![
        ("NoCookies", blocked(shop).await, "cookies"),
        (
            "OtherWindow",
            another_window(shop).await,
            "another window or browser",
        ),
        (
            "OtherWindow",
            another_browser_that_was_here(shop).await,
            "another window or browser",
        ),
        (
            "OtherHost",
            another_host(shop, "app.internal:3000").await,
            "another address of this site",
        ),
        (
            "OtherHost",
            another_host(shop, "shop.internal").await,
            "another address of this site",
        ),
        (
            "OtherHost",
            another_host_by_http_2(shop).await,
            "another address of this site",
        ),
        (
            "NoCookies",
            another_host(shop, "127.0.0.1:4000").await,
            "cookies",
        ),
        ("LoginExpired", expired(shop, false).await, "30 minutes"),
        ("LoginExpired", expired(shop, true).await, "30 minutes"),
        ("UnknownState", forged(shop).await, "used already"),
        ("UnknownState", used(shop).await, "used already"),
    ]
}

#[tokio::test]
async fn each_cause_has_its_own_page_and_its_line_in_the_log() {
    let (shop, events) = (Shop::open().await, Events::capture());
    for (index, (expected, page, words)) in all(&shop).await.into_iter().enumerate() {
        assert_eq!(cause(&page), expected, "{index}");
        assert_eq!(page.status(), 400, "{index}");
        assert!(text(&page).contains(words), "{index}: {}", text(&page));
        let reference = page
            .extensions()
            .get::<tower_phone_auth::error::LoginError>();
        let reference = reference.unwrap().reference().to_owned();
        let lines = events.audit("refusal");
        let line = lines
            .iter()
            .find(|line| line.field("reference") == reference);
        assert_eq!(line.unwrap().field("cause"), expected);
    }
}

#[tokio::test]
async fn the_documented_table_names_these_causes() {
    let target = std::fs::read_to_string("src/audit/target.rs").unwrap();
    let (_, table) = target.split_once("| `cause` | the request |").unwrap();
    let rows = table
        .lines()
        .skip(2)
        .map_while(|line| line.strip_prefix("/// | `"));
    let rows: BTreeSet<_> = rows.filter_map(|row| row.split('`').next()).collect();
    let shop = Shop::open().await;
    let produced = all(&shop).await;
    let produced: BTreeSet<_> = produced.iter().map(|(_, page, _)| cause(page)).collect();
    let produced: BTreeSet<_> = produced.iter().map(String::as_str).collect();
    assert_eq!(rows, produced);
}

#[tokio::test]
async fn a_signed_in_user_continues_whatever_the_cause() {
    use crate::support::browser::location;

    let shop = Shop::open().await;
    let (mut browser, _) = begin(&shop, HOST).await;
    browser.sign_in("/", JIWOO).await;
    for host in [HOST, "app.internal:3000", "shop.internal"] {
        let (_, callback) = begin(&shop, host).await;
        assert_eq!(location(&browser.visit(&callback).await), "/cart", "{host}");
    }
    // A forged state names no page to return to.
    let forged = "/auth/callback/kakao?code=1&state=AAAA";
    assert_eq!(location(&browser.visit(forged).await), "/");
}
