//! Names, attributes and sizes of the cookies.

use http::{Method, StatusCode, header::CACHE_CONTROL};
use tower_phone_auth_local_provider::{Endpoint, Person, faults::Fault};

use crate::support::{
    browser::{Act, Browser, JIWOO, Page, set_cookies},
    shop::{HTTPS, ORIGIN, Shop},
};

/// A `Set-Cookie` header without the value of the cookie.
fn shape(header: &str) -> String {
    let (pair, attributes) = header.split_once("; ").unwrap();
    let (name, _) = pair.split_once('=').unwrap();
    format!("{name}; {attributes}")
}

fn only(page: &Page) -> String {
    let cookies = set_cookies(page);
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    cookies[0].to_owned()
}

#[tokio::test]
async fn on_loopback_a_pending_sign_in_is_http_only_and_lax() {
    let shop = Shop::open().await;
    let cookie = shape(&only(&shop.browser().visit("/").await));
    let (name, attributes) = cookie.split_once("; ").unwrap();
    assert!(name.starts_with("phone-auth-login-"), "{name}");
    assert_eq!(attributes, "HttpOnly; SameSite=Lax; Path=/; Max-Age=1800");
}

#[tokio::test]
async fn on_loopback_a_session_is_http_only_and_lax() {
    let shop = Shop::open().await;
    let back = shop.browser().come_back("/", JIWOO).await;
    let session = shape(set_cookies(&back)[0]);
    let expected = "phone-auth; HttpOnly; SameSite=Lax; Path=/; Max-Age=43200";
    assert_eq!(session, expected);
}

#[tokio::test]
async fn on_https_a_pending_sign_in_is_bound_to_the_host() {
    let shop = Shop::secure().await;
    let mut browser = Browser::new(shop.app.clone(), HTTPS);
    let cookie = shape(&only(&browser.visit("/").await));
    let (name, attributes) = cookie.split_once("; ").unwrap();
    assert!(name.starts_with("__Host-phone-auth-login-"), "{name}");
    let expected = "HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=1800";
    assert_eq!(attributes, expected);
}

#[tokio::test]
async fn on_https_a_session_is_bound_to_the_host() {
    let shop = Shop::secure().await;
    let mut browser = Browser::new(shop.app.clone(), HTTPS);
    let back = browser.come_back("/", JIWOO).await;
    let session = shape(set_cookies(&back)[0]);
    let expected = "__Host-phone-auth; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=43200";
    assert_eq!(session, expected);
}

#[tokio::test]
async fn on_https_a_cookie_without_the_host_prefix_is_not_read() {
    let shop = Shop::secure().await;
    let mut browser = Browser::new(shop.app.clone(), HTTPS);
    browser.sign_in("/", JIWOO).await;
    let planted = browser.cookies.remove("__Host-phone-auth").unwrap();
    browser.cookies.insert("phone-auth".to_owned(), planted);
    let answer = browser.fetch(Method::GET, "/").await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_ordinary_session_has_at_most_400_bytes() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let length = browser.session().unwrap().len();
    assert!(length <= 400, "{length}");
}

#[tokio::test]
async fn the_largest_session_fits_into_a_cookie() {
    let shop = Shop::open().await;
    let email = format!("{}@{}.example", "a".repeat(64), "b".repeat(181));
    let person = Person::new(u64::MAX, "x")
        .name("😀".repeat(200))
        .email(&email, true, true)
        .phone("+82 10-1234-5678");
    shop.provider.add_person(person);
    let mut browser = shop.browser();
    let page = browser.sign_in("/", Act::Agree(u64::MAX)).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(browser.session().unwrap().len() < 2000);
}

#[tokio::test]
async fn a_cookie_for_the_longest_return_to_is_within_the_limit_of_browsers() {
    let shop = Shop::open().await;
    let path = format!("/{}", "a".repeat(2047));
    let cookie = only(&shop.browser().visit(&path).await);
    let (pair, _) = cookie.split_once(';').unwrap();
    assert!(pair.len() <= 4096, "{}", pair.len());
}

#[tokio::test]
async fn the_cookie_of_a_finished_sign_in_is_deleted_with_its_attributes() {
    for (shop, origin, secure) in [
        (Shop::open().await, ORIGIN, ""),
        (Shop::secure().await, HTTPS, " Secure;"),
    ] {
        let mut browser = Browser::new(shop.app.clone(), origin);
        let away = browser.visit("/").await;
        let begun = only(&away);
        let (name, _) = begun.split_once('=').unwrap();
        let callback = browser.act(&away, JIWOO).await;
        let back = browser.visit(&callback).await;
        let deletion = format!("{name}=; HttpOnly; SameSite=Lax;{secure} Path=/; Max-Age=0");
        assert!(set_cookies(&back).contains(&&*deletion));
    }
}

#[tokio::test]
async fn every_response_that_sets_a_cookie_is_not_cached() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let mut pages = vec![browser.visit("/").await, browser.visit("/auth/login").await];
    let callback = browser.act(&pages[0], JIWOO).await;
    pages.push(browser.visit(&callback).await);
    let callback = browser.act(&pages[1], Act::Cancel).await;
    pages.push(browser.visit(&callback).await);
    pages.push(browser.send(Method::POST, "/auth/logout", &[]).await);
    shop.provider.fail(Endpoint::Token, Fault::Cut);
    pages.push(browser.come_back("/", JIWOO).await);
    for page in pages {
        assert!(!set_cookies(&page).is_empty());
        assert_eq!(page.headers()[CACHE_CONTROL], "no-store");
    }
}

#[tokio::test]
async fn a_request_with_a_session_gets_no_new_cookie() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in("/", JIWOO).await;
    assert!(set_cookies(&page).is_empty());
}
