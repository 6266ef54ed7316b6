//! A script of the shop's page, whose session is not there.

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
async fn its_fetch_gets_a_401_that_it_can_read_and_no_cookie() {
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
async fn the_login_that_the_401_names_works() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.go(&shop.page("/open")).await;
    let answer = browser.eval(ANSWER).await;
    browser
        .go(answer["body"]["login_url"].as_str().unwrap())
        .await;
    browser.is_asked_who_to_be().await;
    browser.agrees().await;
    browser.is_signed_in_at(&shop.page("/")).await;
}

#[tokio::test]
async fn no_script_can_read_a_cookie_of_ours() {
    let (shop, browser) = (Shop::open().await, Browser::open().await);
    browser.signs_in_at(&shop.page("/")).await;
    assert!(!browser.cookies().await.is_empty());
    assert_eq!(browser.eval("document.cookie").await, json!(""));
}
