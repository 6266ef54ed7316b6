//! The public URL decides, whatever host a request names.

use http::StatusCode;

use tower_phone_auth::LoginErrorKind;

use crate::support::{
    browser::{Browser, JIWOO, Page, location, refusal, set_cookies, text},
    log::Log,
    shop::{HTTPS, Shop},
};

async fn at(shop: &Shop, host: &str) -> Page {
    let mut browser: Browser = shop.browser();
    browser.headers.insert("host", host.parse().unwrap());
    browser.visit("/orders?page=2").await
}

#[tokio::test]
async fn a_login_begins_on_the_public_host_and_not_on_its_www_sibling() {
    let shop = Shop::secure().await;
    let page = at(&shop, "www.shop.example.com").await;
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    let login = "/auth/login?return_to=%2Forders%3Fpage%3D2&moved=1";
    assert_eq!(location(&page), format!("https://shop.example.com{login}"));
    assert!(set_cookies(&page).is_empty());
}

#[tokio::test]
async fn a_public_host_with_www_is_told_from_the_apex() {
    let public = "https://www.example.com";
    let shop = Shop::with(|kakao| kakao, |builder| builder.public_url(public)).await;
    let page = at(&shop, "example.com").await;
    assert!(location(&page).starts_with("https://www.example.com/auth/login?"));
}

#[tokio::test]
async fn a_proxys_own_name_for_the_application_begins_the_login_as_ever() {
    let shop = Shop::secure().await;
    for host in [
        "shop.example.com",
        "app-7.internal:8080",
        "10.0.0.7",
        "evil.example",
        "www.",
    ] {
        let page = at(&shop, host).await;
        assert!(
            location(&page).starts_with(&shop.provider.origin()),
            "{host}"
        );
    }
}

/// The rest of an address on the public host, as its server is sent it.
fn path(page: &Page) -> &str {
    let location = location(page);
    location.strip_prefix(HTTPS).unwrap_or(location)
}

fn browser(shop: &Shop, host: &str) -> Browser {
    let mut browser = Browser::new(shop.app.clone(), HTTPS);
    browser.headers.insert("host", host.parse().unwrap());
    browser
}

#[tokio::test]
async fn a_login_that_was_asked_for_at_the_sibling_begins_on_the_public_host_too() {
    let shop = Shop::secure().await;
    let mut www = browser(&shop, "www.shop.example.com");
    for login in ["/auth/login", "/auth/login?provider=kakao"] {
        let page = www.visit(login).await;
        assert!(location(&page).starts_with(&format!("{HTTPS}{login}")));
        assert!(location(&page).ends_with("moved=1"));
    }
    assert!(www.cookies.is_empty());
}

#[tokio::test]
async fn behind_a_proxy_that_rewrites_the_host_one_redirect_is_wasted_and_the_login_works() {
    let log = Log::capture();
    let shop = Shop::secure().await;
    let mut browser = browser(&shop, "www.shop.example.com");
    let moved = browser.visit("/orders?page=2").await;
    let away = browser.visit(path(&moved)).await;
    let callback = browser.act(&away, JIWOO).await;
    let back = browser.visit(&callback).await;
    assert_eq!(location(&back), "/orders?page=2");
    assert_eq!(
        text(&browser.visit("/orders?page=2").await),
        "+821012345678"
    );
    assert!(
        log.text().contains("a proxy rewrites Host"),
        "{}",
        log.text()
    );
}

#[tokio::test]
async fn who_is_signed_in_on_the_public_host_comes_from_its_sibling_without_a_login() {
    let shop = Shop::secure().await;
    let mut apex = browser(&shop, "shop.example.com");
    let mut www = browser(&shop, "www.shop.example.com");
    apex.sign_in("/", JIWOO).await;
    let moved = www.visit("/orders").await;
    assert_eq!(location(&apex.visit(path(&moved)).await), "/orders");
}

#[tokio::test]
async fn addresses_that_lead_to_each_other_end_on_the_page_that_says_so() {
    let shop = Shop::secure().await;
    let mut apex = browser(&shop, "shop.example.com");
    let mut www = browser(&shop, "www.shop.example.com");
    apex.sign_in("/", JIWOO).await;
    for _ in 0..2 {
        let moved = www.visit("/orders").await;
        // Something before the application sends this on to the sibling.
        assert_eq!(location(&apex.visit(path(&moved)).await), "/orders");
    }
    let moved = www.visit("/orders").await;
    let page = apex.visit(path(&moved)).await;
    assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(refusal(&page), Some(LoginErrorKind::Misdirected));
    assert!(text(&page).contains("each sends you to the other"));
}
