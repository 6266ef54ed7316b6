//! Back to the page that was asked for, byte for byte.

use crate::support::{
    browser::{JIWOO, raw_location},
    shop::Shop,
};

const TARGETS: [&str; 20] = [
    "/",
    "/redirect",
    "/foo?bar",
    "/x?",
    "/x/",
    "/%ED%95%9C%EA%B8%80/%EA%B2%BD%EB%A1%9C?q=%EA%B0%80",
    "/%ed%95%9c%ea%b8%80",
    "/a%2Fb",
    "/a%2fb",
    "/a%252Fb",
    "/dashboard+page?test=123+456",
    "/dashboard?email=123@email.com",
    "/foo?someUrl=https://www.google.com",
    "/foo?someUrl=//www.google.com",
    "/app/index%20with%20space.html",
    "/a;b=c?d;e",
    "/a?b=%26&c=%3D&d=%25",
    "/a?b[]=1&b[]=2",
    "/authors?auth=/auth/",
    "/~user/'quoted'/(x)/!*,:@$",
];

#[tokio::test]
async fn a_requested_page_is_returned_to() {
    let shop = Shop::open().await;
    for target in TARGETS {
        let back = shop.browser().come_back(target, JIWOO).await;
        assert_eq!(raw_location(&back), target);
    }
}

#[tokio::test]
async fn a_named_page_is_returned_to() {
    let shop = Shop::open().await;
    for target in TARGETS
        .into_iter()
        .chain(["/x#fragment", "/한글/경로?q=가"])
    {
        let encoded: String = form_urlencoded::byte_serialize(target.as_bytes()).collect();
        let login = format!("/auth/login?return_to={encoded}");
        let back = shop.browser().come_back(&login, JIWOO).await;
        assert_eq!(raw_location(&back), target);
    }
}

#[tokio::test]
async fn a_path_in_raw_korean_is_returned_to() {
    let shop = Shop::open().await;
    let back = shop.browser().come_back("/한글/경로?q=가", JIWOO).await;
    assert_eq!(raw_location(&back), "/한글/경로?q=가");
}

#[tokio::test]
async fn a_path_of_2048_bytes_is_returned_to() {
    let shop = Shop::open().await;
    let path = format!("/{}", "a".repeat(2047));
    let back = shop.browser().come_back(&path, JIWOO).await;
    assert_eq!(raw_location(&back), path);
}

#[tokio::test]
async fn a_login_without_a_target_leads_home() {
    let shop = Shop::open().await;
    let back = shop.browser().come_back("/auth/login", JIWOO).await;
    assert_eq!(raw_location(&back), "/");
}

#[tokio::test]
async fn every_tab_returns_to_its_own_page() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let mut tabs = Vec::new();
    for path in ["/a", "/b", "/c", "/d", "/e"] {
        tabs.push((browser.visit(path).await, path));
    }
    for (away, path) in tabs.into_iter().rev() {
        let callback = browser.act(&away, JIWOO).await;
        assert_eq!(raw_location(&browser.visit(&callback).await), path);
    }
}
