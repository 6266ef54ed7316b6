//! Every sign-in ends on this origin, and outside of the layer's own paths.

use http::Method;
use url::Url;

use crate::support::{
    browser::{Browser, JIWOO, location, parameter, raw_location},
    shop::{HTTPS, ORIGIN, Shop},
};

/// Notations of addresses on other origins, and unusual addresses.
const PAYLOADS: [&str; 78] = [
    "",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f%2e%2e",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\\/\\/evil.example/",
    "/ /evil.example",
    "/ \\evil.example",
    "/\t/evil.example",
    "/\t\\evil.example",
    "/\t/\t\\evil.example",
    "/\t\t\\\t/evil.example",
    "/\u{b}/evil.example",
    "/\n/evil.example",
    "/\r\\evil.example",
    "\t//evil.example",
    " //evil.example",
    "\u{1}//evil.example",
    "/./\\evil.example",
    "/.//evil.example",
    "/./../../\\evil.example",
    "/x/..//evil.example",
    "/x/../\\evil.example",
    "/%2e//evil.example",
    "/%2E%2e//evil.example",
    "/.%2e//evil.example",
    "//%2fevil.example",
    "/%09/evil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/%5C/evil.example",
    "/..%2F..%2Fevil.example",
    "/%68%74%74%70%3a%2f%2fevil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "/x\r\nLocation: https://evil.example",
    "/x\r\n\r\n<script>",
    "/x\0",
    "&%0d%0a1Location:https://evil.example",
    "//127.0.0.1:3000@evil.example/%2f..",
    "//evil.example:80",
    "//evil.example\\@127.0.0.1:3000",
    "///\\;@evil.example",
    "//127.0.0.1:3001/",
    "//[::1]/",
    "http:evil.example",
    "http:/evil.example",
    "http:\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:///evil.example",
    "https://%65vil.example",
    "HtTpS://evil.example",
    "https://127.0.0.1:3000",
    "https://127.0.0.1:3000.evil.example/",
    "https://127.0.0.1:3000@evil.example/x",
    "https://evil.example\\@127.0.0.1:3000/x",
    "https://evil.example#@127.0.0.1:3000",
    "http://127.0.0.1:3001/",
    "http://127.0.0.1/",
    "http://localhost:3000/",
    "ftp://127.0.0.1:3000/f",
    "javascript:alert('xss')",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "\u{1}javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "/https:/%5cevil.example/",
    "/x:1/:///%01javascript:alert(document.cookie)/",
    "\";alert(0);//",
    ".evil.example",
    "@evil.example",
    "evil.example/",
    "?//evil.example",
    "／／evil.example",
    "/〱evil.example",
];

#[tokio::test]
async fn no_return_to_leads_off_the_origin() {
    let shop = Shop::open().await;
    for payload in PAYLOADS.iter().flat_map(|payload| encodings(payload)) {
        let login = format!("/auth/login?return_to={payload}");
        assert_stays(&end(&shop, &login).await, &login);
    }
}

#[tokio::test]
async fn no_requested_path_leads_off_the_origin() {
    let shop = Shop::open().await;
    for payload in PAYLOADS {
        let path = format!("/{}", payload.trim_start_matches('/'));
        for path in [payload, &path] {
            let whole = path.starts_with('/') && path.parse::<http::Uri>().is_ok();
            if whole {
                assert_stays(&end(&shop, path).await, path);
            }
        }
    }
}

#[tokio::test]
async fn a_second_return_to_is_ignored() {
    let shop = Shop::open().await;
    let login = "/auth/login?return_to=/cart&return_to=//evil.example";
    assert_eq!(end(&shop, login).await, "/cart");
}

#[tokio::test]
async fn a_return_to_never_leads_into_the_layers_own_paths() {
    let shop = Shop::open().await;
    for target in [
        "/auth/logout",
        "/auth/login?return_to=/auth/login",
        "/auth/callback/kakao?code=x&state=y",
        "/auth",
        "/auth?x",
        "/auth#x",
    ] {
        let login = format!("/auth/login?return_to={}", encoded(target));
        assert_eq!(end(&shop, &login).await, "/", "{target}");
    }
}

#[tokio::test]
async fn a_return_to_that_browsers_resolve_into_the_layers_own_paths_leads_elsewhere() {
    let shop = Shop::open().await;
    for target in [
        "/./auth/login",
        "/x/../auth/logout",
        "/../auth/login",
        "/%2e/auth/login",
        "/x/%2E%2e/auth/callback/kakao",
    ] {
        let login = format!("/auth/login?return_to={}", encoded(target));
        let end = end(&shop, &login).await;
        let url = Url::parse(ORIGIN).unwrap().join(&end).unwrap();
        assert!(!url.path().starts_with("/auth"), "{target} leads to {url}");
    }
}

#[tokio::test]
async fn a_long_path_leads_to_the_start_page() {
    let shop = Shop::open().await;
    assert_eq!(end(&shop, &format!("/{}", "a".repeat(20_000))).await, "/");
}

#[tokio::test]
async fn a_sign_out_takes_no_target() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let path =
        "/auth/logout?return_to=https://evil.example&post_logout_redirect_uri=//evil.example";
    let answer = browser
        .send(Method::POST, path, &[("accept", "text/html")])
        .await;
    assert_eq!(location(&answer), "/auth/logout");
}

#[tokio::test]
async fn headers_of_proxies_and_pages_change_no_address() {
    for (public_url, shop) in [(ORIGIN, Shop::open().await), (HTTPS, Shop::secure().await)] {
        for (name, value) in [
            ("host", "evil.example"),
            ("host", "shop.example.com.evil.example"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-host", "shop.example.com, evil.example"),
            ("x-forwarded-proto", "javascript"),
            ("x-forwarded-port", "31337"),
            ("x-forwarded-prefix", "//evil.example"),
            ("x-forwarded-uri", "//evil.example"),
            ("x-auth-request-redirect", "https://evil.example"),
            ("x-original-url", "//evil.example"),
            ("forwarded", "host=evil.example;proto=http"),
            (
                "forwarded",
                "for=1.2.3.4;host=\"evil.example:8443\", host=evil.example",
            ),
            ("referer", "https://evil.example/"),
            ("origin", "https://evil.example"),
        ] {
            let mut browser = Browser::new(shop.app.clone(), public_url);
            // A proxy may append its value to the client's value.
            browser.headers.insert(name, value.parse().unwrap());
            browser.headers.append(name, value.parse().unwrap());
            let away = browser.visit("/cart").await;
            let redirect_uri = format!("{public_url}/auth/callback/kakao");
            assert_eq!(
                parameter(&away, "redirect_uri"),
                Some(redirect_uri),
                "{name}"
            );
            let callback = browser.act(&away, JIWOO).await;
            assert_eq!(location(&browser.visit(&callback).await), "/cart", "{name}");
        }
    }
}

#[tokio::test]
async fn a_request_in_absolute_form_changes_no_address() {
    let shop = Shop::open().await;
    assert_eq!(end(&shop, "http://evil.example/cart?x").await, "/cart?x");
}

/// The address at which a sign-in ends that begins with a visit of `path`.
async fn end(shop: &Shop, path: &str) -> String {
    let back = shop.browser().come_back(path, JIWOO).await;
    raw_location(&back)
}

fn assert_stays(end: &str, begun: &str) {
    let origin = Url::parse(ORIGIN).unwrap();
    for page in [ORIGIN, "http://127.0.0.1:3000/auth/callback/kakao?code=x"] {
        let url = Url::parse(page).unwrap().join(end).unwrap();
        assert_eq!(url.origin(), origin.origin(), "{begun:?} leads to {url}");
        assert!(!url.path().starts_with("//"), "{begun:?} leads to {url}");
    }
}

/// The payload encoded once and twice, and unchanged if that is a valid URI.
fn encodings(payload: &str) -> Vec<String> {
    let once = encoded(payload);
    let twice = encoded(&once);
    let raw = payload.to_owned();
    let fits = format!("/?{raw}").parse::<http::Uri>().is_ok();
    let raw = Some(raw).filter(|_| fits);
    [Some(once), Some(twice), raw]
        .into_iter()
        .flatten()
        .collect()
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
