//! A sign-in starts on the host of the public URL, whatever host a request names.

use http::StatusCode;

use tower_phone_auth::error::LoginErrorKind;

use crate::support::{
    browser::{Browser, JIWOO, Page, location, refusal, set_cookies, text},
    log::Log,
    shop::{HTTPS, Shop},
};

async fn visit_orders(shop: &Shop, host: &str) -> Page {
    let mut browser: Browser = shop.browser();
    browser.headers.insert("host", host.parse().unwrap());
    browser.visit("/orders?page=2").await
}

#[tokio::test]
async fn a_sign_in_starts_on_the_public_host_and_not_on_its_www_sibling() {
    let shop = Shop::secure().await;
    let page = visit_orders(&shop, "www.shop.example.com").await;
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
    let login = "/auth/login?return_to=%2Forders%3Fpage%3D2&moved=1";
    assert_eq!(location(&page), format!("https://shop.example.com{login}"));
    assert!(set_cookies(&page).is_empty());
}

#[tokio::test]
async fn a_public_host_with_www_is_distinguished_from_the_apex() {
    let public = "https://www.example.com";
    let shop = Shop::with(|kakao| kakao, |builder| builder.public_url(public)).await;
    let page = visit_orders(&shop, "example.com").await;
    assert!(location(&page).starts_with("https://www.example.com/auth/login?"));
}

#[tokio::test]
async fn a_host_name_of_a_proxy_does_not_redirect_the_sign_in() {
    let shop = Shop::secure().await;
    for host in [
        "shop.example.com",
        "app-7.internal:8080",
        "10.0.0.7",
        "evil.example",
        "www.",
    ] {
        let page = visit_orders(&shop, host).await;
        assert!(
            location(&page).starts_with(&shop.provider.origin()),
            "{host}"
        );
    }
}

/// The path and query of an address on the public host.
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
async fn a_login_link_at_the_sibling_leads_to_the_public_host_too() {
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
async fn behind_a_proxy_that_rewrites_the_host_the_sign_in_works_after_one_redirect_more() {
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
async fn a_signed_in_user_comes_from_the_sibling_without_a_sign_in() {
    let shop = Shop::secure().await;
    let mut apex = browser(&shop, "shop.example.com");
    let mut www = browser(&shop, "www.shop.example.com");
    apex.sign_in("/", JIWOO).await;
    let moved = www.visit("/orders").await;
    assert_eq!(location(&apex.visit(path(&moved)).await), "/orders");
}

#[tokio::test]
async fn hosts_that_redirect_to_each_other_end_on_a_page_about_that() {
    let shop = Shop::secure().await;
    let mut apex = browser(&shop, "shop.example.com");
    let mut www = browser(&shop, "www.shop.example.com");
    apex.sign_in("/", JIWOO).await;
    for _ in 0..2 {
        let moved = www.visit("/orders").await;
        // A proxy redirects this to the sibling.
        assert_eq!(location(&apex.visit(path(&moved)).await), "/orders");
    }
    let moved = www.visit("/orders").await;
    let page = apex.visit(path(&moved)).await;
    assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(refusal(&page), Some(LoginErrorKind::Misdirected));
    assert!(text(&page).contains("each sends you to the other"));
}
