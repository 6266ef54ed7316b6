//! Another application on the same host. Cookies do not depend on the port, so its cookies may have
//! the names of ours.

use std::collections::BTreeMap;

use axum::Router;
use http::Method;
use tower_phone_auth::SessionKey;

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, Browser, FORM, JIWOO, location, set_cookies, text},
    shop::{HTTPS, ORIGIN, Shop, routes},
};

/// Two applications on one host with different keys, and a browser that visits both.
struct Neighbours {
    shop: Shop,
    other: Router,
}

impl Neighbours {
    async fn open() -> Self {
        let shop = Shop::open().await;
        let other = shop.restarted(shop.provider.kakao(), |builder| {
            builder.session_key(SessionKey::random()).save_forms()
        });
        Self { shop, other }
    }
}

#[tokio::test]
async fn a_visit_of_another_application_ends_no_session() {
    let Neighbours { shop, other } = Neighbours::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let session = browser.session().map(str::to_owned);
    browser.moves_to(other);
    for path in [
        "/",
        "/auth/login",
        "/auth/logout",
        "/auth/callback/kakao?code=1&state=2",
    ] {
        browser.visit(path).await;
        browser.fetch(Method::GET, path).await;
        assert_eq!(browser.session(), session.as_deref(), "{path}");
    }
    let away = browser.visit("/").await;
    let callback = browser.act(&away, Act::Cancel).await;
    browser.visit(&callback).await;
    browser.send(Method::POST, "/auth/logout", &FORM[4..]).await;
    assert_eq!(browser.session(), session.as_deref());
    browser.moves_to(shop.app.clone());
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
}

#[tokio::test]
async fn a_visit_of_another_application_ends_no_sign_in() {
    let Neighbours { shop, other } = Neighbours::open().await;
    let mut browser = shop.browser();
    let mut callbacks = Vec::new();
    for page in ["/one", "/two", "/three"] {
        let away = browser.visit(page).await;
        callbacks.push((browser.act(&away, JIWOO).await, page));
    }
    browser.moves_to(other);
    for tab in 0..30 {
        browser.visit(&format!("/{tab}")).await;
    }
    for (callback, _) in &callbacks {
        browser.visit(callback).await;
    }
    browser.come_back("/auth/login", JIWOO).await;
    browser.moves_to(shop.app.clone());
    for (callback, page) in callbacks {
        assert_eq!(location(&browser.visit(&callback).await), page);
    }
}

/// Cookies with the names of ours and foreign values.
fn foreign(prefix: &str) -> BTreeMap<String, String> {
    let values = ["", "junk", "%00", &"A".repeat(400), &"x".repeat(8000)];
    let names = [
        "",
        "-login-abcdefghijkl",
        "-login-",
        "-done-abcdefghijkl",
        "-form",
        "-hint",
        "-leaving",
    ];
    let name = |name: &str| format!("{prefix}phone-auth{name}");
    let cookies = names.iter().zip(values.iter().cycle());
    cookies
        .map(|(end, value)| (name(end), (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn a_cookie_that_does_not_open_is_not_deleted() {
    for (shop, origin, prefix) in [
        (Shop::open().await, ORIGIN, ""),
        (Shop::secure().await, HTTPS, "__Host-"),
    ] {
        let mut browser = Browser::new(shop.app.clone(), origin);
        browser.cookies = foreign(prefix);
        let theirs = browser.cookies.clone();
        let mut answers = vec![
            browser.visit("/").await,
            browser.visit("/auth/login").await,
            browser
                .visit("/auth/callback/kakao?code=1&state=abcdefghijkl")
                .await,
            browser.visit("/auth/logout/done?state=1").await,
            browser.send(Method::POST, "/auth/logout", &FORM[4..]).await,
            browser.fetch(Method::POST, "/auth/logout").await,
        ];
        let callback = browser.act(&answers[0], Act::Cancel).await;
        answers.push(browser.visit(&callback).await);
        for answer in answers {
            for cookie in set_cookies(&answer) {
                let (name, _) = cookie.split_once('=').unwrap();
                assert!(!theirs.contains_key(name), "{cookie}");
            }
        }
    }
}

#[tokio::test]
async fn cookies_of_8_kb_from_another_application_cost_nothing() {
    let shop = Shop::open().await;
    for name in [
        "theme",
        "phone-auth-login-x",
        "phone-auth-done-x",
        "phone-authority",
    ] {
        let mut browser = shop.browser();
        browser.cookies.insert(name.to_owned(), "x".repeat(8192));
        let mut callbacks = Vec::new();
        for tab in 0..12 {
            let page = format!("/tab/{tab}");
            let away = browser.visit(&page).await;
            callbacks.push((browser.act(&away, JIWOO).await, page));
        }
        for (callback, page) in callbacks {
            assert_eq!(location(&browser.visit(&callback).await), page, "{name}");
        }
        assert_eq!(text(&browser.visit("/").await), "+821012345678");
        assert_eq!(browser.cookies[name].len(), 8192);
    }
}

#[tokio::test]
async fn expired_cookies_of_our_own_are_deleted() {
    use std::time::Duration;

    let app = |shop: &Shop| routes().layer(shop.layer.clone());
    let shop = Shop::open().await;
    let mut browser = Browser::new(app(&shop), ORIGIN);
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(Duration::from_secs(13 * 60 * 60));
    let away = browser.visit("/").await;
    let deletion = "phone-auth=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0";
    assert!(set_cookies(&away).contains(&deletion));
    shop.time.pass(Duration::from_secs(31 * 60));
    browser.visit("/").await;
    assert_eq!(browser.pending().len(), 1);
}
