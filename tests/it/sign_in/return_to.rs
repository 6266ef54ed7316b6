//! The return to the requested page, byte for byte.

use crate::support::{
    browser::{JIWOO, raw_location, text},
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
async fn a_page_named_by_return_to_is_returned_to() {
    let shop = Shop::open().await;
    for target in TARGETS.into_iter().chain(["/x#fragment"]) {
        let encoded: String = form_urlencoded::byte_serialize(target.as_bytes()).collect();
        let login = format!("/auth/login?return_to={encoded}");
        let back = shop.browser().come_back(&login, JIWOO).await;
        assert_eq!(raw_location(&back), target);
    }
}

/// Addresses that are not ASCII, and their encoded form.
const NOT_ASCII: [(&str, &str); 4] = [
    (
        "/한글/경로?q=가",
        "/%ED%95%9C%EA%B8%80/%EA%B2%BD%EB%A1%9C?q=%EA%B0%80",
    ),
    (
        "/검색?q=김치&page=2",
        "/%EA%B2%80%EC%83%89?q=%EA%B9%80%EC%B9%98&page=2",
    ),
    ("/café/%ED%95%9C+a", "/caf%C3%A9/%ED%95%9C+a"),
    ("/🏠", "/%F0%9F%8F%A0"),
];

#[tokio::test]
async fn letters_that_are_not_ascii_are_encoded_in_the_redirect() {
    let shop = Shop::open().await;
    for (raw, sent) in NOT_ASCII {
        let back = shop.browser().come_back(raw, JIWOO).await;
        assert_eq!(raw_location(&back), sent);
        let encoded: String = form_urlencoded::byte_serialize(raw.as_bytes()).collect();
        let login = format!("/auth/login?return_to={encoded}");
        let back = shop.browser().come_back(&login, JIWOO).await;
        assert_eq!(raw_location(&back), sent);
    }
}

#[tokio::test]
async fn every_link_of_an_answer_is_ascii() {
    let shop = Shop::with_two_providers().await;
    for (raw, _) in NOT_ASCII {
        let encoded: String = form_urlencoded::byte_serialize(raw.as_bytes()).collect();
        let mut browser = shop.browser();
        let choice = browser
            .visit(&format!("/auth/login?return_to={encoded}"))
            .await;
        let visit = browser.visit(raw).await;
        let callback = format!("/auth/callback/kakao?error=access_denied&state=1&x={encoded}");
        let refused = browser.visit(&callback).await;
        let script = browser.fetch(http::Method::GET, raw).await;
        browser
            .headers
            .insert("hx-request", "true".parse().unwrap());
        let current = format!("http://127.0.0.1:3000{raw}");
        let current = http::HeaderValue::from_bytes(current.as_bytes()).unwrap();
        browser.headers.insert("hx-current-url", current);
        let htmx = browser.visit(raw).await;
        for page in [choice, visit, refused, script, htmx] {
            let mut values = page.headers().values();
            assert!(values.all(|value| value.to_str().is_ok()), "{page:?}");
            for link in links(&text(&page)) {
                assert!(link.is_ascii(), "{link}");
            }
        }
    }
}

/// The addresses in a page or document.
fn links(page: &str) -> Vec<String> {
    let starts = ["href=\"", "action=\"", "\"login_url\":\""];
    let links = starts.iter().flat_map(|start| page.split(start).skip(1));
    links
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn a_space_in_return_to_is_encoded_and_does_not_lead_to_the_start_page() {
    let shop = Shop::open().await;
    for (link, sent) in [
        ("/search?q=a+b", "/search?q=a%20b"),
        ("/search?q=a%20b", "/search?q=a%20b"),
        ("%2Fsearch%3Fq%3Da+b", "/search?q=a%20b"),
        ("%2Fsearch%3Fq%3Da%2Bb", "/search?q=a+b"),
        ("%2Fsearch%3Fq%3Da%2520b", "/search?q=a%20b"),
        ("/my+orders/7", "/my%20orders/7"),
        ("/+/evil.example", "/%20/evil.example"),
        ("+//evil.example", "/"),
        ("+/a", "/"),
    ] {
        let login = format!("/auth/login?return_to={link}");
        let back = shop.browser().come_back(&login, JIWOO).await;
        assert_eq!(raw_location(&back), sent, "{link}");
    }
}

#[tokio::test]
async fn a_path_of_2048_bytes_is_returned_to() {
    let shop = Shop::open().await;
    let path = format!("/{}", "a".repeat(2047));
    let back = shop.browser().come_back(&path, JIWOO).await;
    assert_eq!(raw_location(&back), path);
}

#[tokio::test]
async fn a_sign_in_without_return_to_leads_to_the_start_page() {
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
