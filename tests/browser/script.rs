//! Scripts on a page of the shop, without a session.

use std::collections::BTreeMap;

use serde_json::json;

use crate::support::{browser::Browser, shop::Shop};

const ANSWER: &str = "fetch('/api/orders').then(async (answer) => ({
    status: answer.status,
    type: answer.headers.get('content-type'),
    body: await answer.json(),
    address: answer.url,
}))";

#[tokio::test]
async fn a_fetch_gets_a_readable_401_and_no_cookie() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/open")).await;
    let answer = browser.eval(ANSWER).await;
    assert_eq!(answer["status"], 401);
    assert_eq!(answer["type"], "application/problem+json");
    assert_eq!(answer["address"], shop.page("/api/orders"));
    assert_eq!(answer["body"]["reason"], "no_session");
    assert_eq!(browser.cookies().await, BTreeMap::new());
}

#[tokio::test]
async fn the_sign_in_that_the_401_names_works() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/open")).await;
    let answer = browser.eval(ANSWER).await;
    browser
        .go(answer["body"]["login_url"].as_str().unwrap())
        .await;
    browser.agrees_and_is_signed_in_at(&shop.page("/")).await;
}

#[tokio::test]
async fn no_script_can_read_our_cookies() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;
    assert!(!browser.cookies().await.is_empty());
    assert_eq!(browser.eval("document.cookie").await, json!(""));
}
