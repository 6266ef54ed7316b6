//! A public URL on a loopback host, which has several names. Browsers keep separate cookies for
//! each.

use http::{Method, StatusCode};
use tower_phone_auth::error::LoginErrorKind;

use crate::support::{
    browser::{Browser, FORM, JIWOO, Page, location, refusal, set_cookies, text},
    shop::{HTTPS, ORIGIN, Shop},
};

/// Other names of the host of [`ORIGIN`].
const SIBLINGS: [&str; 6] = [
    "localhost:3000",
    "LOCALHOST:3000",
    "app.localhost:3000",
    "[::1]:3000",
    "127.0.0.2:3000",
    "127.255.0.1:3000",
];

fn at(shop: &Shop, host: &str) -> Browser {
    let mut browser = shop.browser();
    browser.headers.insert("host", host.parse().unwrap());
    browser
}

/// The path and query of an address on the public host.
fn path_on_public_host(page: &Page) -> &str {
    assert_eq!(page.status(), StatusCode::SEE_OTHER, "{}", text(page));
    assert!(set_cookies(page).is_empty(), "{:?}", set_cookies(page));
    location(page).strip_prefix(ORIGIN).unwrap()
}

#[tokio::test]
async fn a_visit_at_another_loopback_host_signs_in_at_the_public_one_and_returns_to_the_page() {
    let shop = Shop::open().await;
    for host in SIBLINGS {
        let moved = at(&shop, host).visit("/me?cart=7").await;
        let mut browser = at(&shop, "127.0.0.1:3000");
        let back = browser.come_back(path_on_public_host(&moved), JIWOO).await;
        assert_eq!(location(&back), "/me?cart=7", "{host}");
        assert_eq!(text(&browser.visit("/me?cart=7").await), "+821012345678");
    }
}

#[tokio::test]
async fn any_loopback_name_may_be_the_public_host() {
    for (origin, host) in [
        ("http://localhost:3000", "127.0.0.1:3000"),
        ("http://localhost:3000", "[::1]:3000"),
        ("http://[::1]:3000", "localhost:3000"),
        ("http://app.localhost:3000", "shop.localhost:3000"),
        ("https://localhost:3443", "127.0.0.1:3443"),
    ] {
        let shop = Shop::with(|kakao| kakao, |builder| builder.public_url(origin)).await;
        let moved = at(&shop, host).visit("/me?cart=7").await;
        let login = format!("{origin}/auth/login?return_to=%2Fme%3Fcart%3D7&moved=1");
        assert_eq!(location(&moved), login, "{host}");
        assert!(set_cookies(&moved).is_empty());
    }
}

#[tokio::test]
async fn a_login_link_at_another_loopback_host_leads_to_the_public_one() {
    let shop = Shop::with_two_providers().await;
    for host in SIBLINGS {
        for login in [
            "/auth/login",
            "/auth/login?provider=second&return_to=%2Fa",
            "/auth/login?fresh=1",
        ] {
            let moved = at(&shop, host).visit(login).await;
            assert!(path_on_public_host(&moved).starts_with(login), "{host}");
        }
    }
}

#[tokio::test]
async fn a_callback_at_another_loopback_host_is_redirected_to_the_public_one() {
    let shop = Shop::open().await;
    for host in SIBLINGS {
        let mut browser = at(&shop, "127.0.0.1:3000");
        let away = browser.visit("/me?cart=7").await;
        let callback = browser.act(&away, JIWOO).await;
        let moved = at(&shop, host).visit(&callback).await;
        assert_eq!(
            path_on_public_host(&moved),
            format!("{callback}&moved=1"),
            "{host}"
        );
        let back = browser.visit(path_on_public_host(&moved)).await;
        assert_eq!(location(&back), "/me?cart=7", "{host}");
    }
    for callback in ["?error=access_denied", "?code=1", ""] {
        let callback = format!("/auth/callback/kakao{callback}");
        let moved = at(&shop, "localhost:3000").visit(&callback).await;
        assert!(path_on_public_host(&moved).starts_with(&callback));
    }
}

#[tokio::test]
async fn a_sign_out_at_another_loopback_host_is_confirmed_at_the_public_one() {
    let shop = Shop::open().await;
    for host in SIBLINGS {
        let mut browser = at(&shop, "127.0.0.1:3000");
        browser.sign_in("/", JIWOO).await;
        let shown = at(&shop, host).visit("/auth/logout").await;
        assert_eq!(path_on_public_host(&shown), "/auth/logout?moved=1");
        let origin = format!("http://{host}");
        let mut form = FORM.to_vec();
        form[2] = ("origin", &origin);
        form.push(("host", host));
        let posted = "/auth/logout?everywhere";
        let moved = at(&shop, host).submit_as(&form, posted, "").await;
        assert_eq!(
            path_on_public_host(&moved),
            "/auth/logout?everywhere&moved=1"
        );
        let page = browser.visit(path_on_public_host(&moved)).await;
        assert!(text(&page).contains("Sign out everywhere?"), "{host}");
        assert!(browser.session().is_some(), "{host}");
        let left = at(&shop, host).visit("/auth/logout/done?state=a").await;
        assert_eq!(
            path_on_public_host(&left),
            "/auth/logout/done?state=a&moved=1"
        );
    }
}

#[tokio::test]
async fn a_script_at_another_loopback_host_gets_the_public_login_url() {
    let shop = Shop::open().await;
    for host in SIBLINGS {
        for method in [Method::GET, Method::POST] {
            let refused = at(&shop, host).fetch(method, "/me").await;
            assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{host}");
            assert!(set_cookies(&refused).is_empty(), "{host}");
            let login = format!(r#""login_url":"{ORIGIN}/auth/login""#);
            assert!(text(&refused).contains(&login), "{}", text(&refused));
        }
    }
    let left = at(&shop, SIBLINGS[0])
        .fetch(Method::POST, "/auth/logout")
        .await;
    assert_eq!(left.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn another_port_and_another_host_are_no_siblings() {
    let shop = Shop::open().await;
    for host in [
        "localhost:4000",
        "localhost",
        "192.168.0.7:3000",
        "shop.internal:3000",
        "localhost.evil.example:3000",
        "me@localhost:3000",
    ] {
        let away = at(&shop, host).visit("/me").await;
        assert!(
            location(&away).starts_with(&shop.provider.origin()),
            "{host}"
        );
    }
    let shop = Shop::secure().await;
    for host in SIBLINGS.into_iter().chain(["localhost", "127.0.0.1:443"]) {
        let away = at(&shop, host).visit("/me").await;
        assert!(
            location(&away).starts_with(&shop.provider.origin()),
            "{host}"
        );
        let page = at(&shop, host).visit("/auth/logout").await;
        assert_eq!(page.status(), StatusCode::OK, "{host}");
    }
}

#[tokio::test]
async fn behind_a_proxy_that_rewrites_the_host_sign_in_and_sign_out_work() {
    for host in SIBLINGS {
        let shop = Shop::open().await;
        let mut browser = at(&shop, host);
        let moved = browser.visit("/me?cart=7").await;
        let back = browser.come_back(path_on_public_host(&moved), JIWOO).await;
        assert_eq!(location(&back), "/me?cart=7");
        assert_eq!(text(&browser.visit("/me?cart=7").await), "+821012345678");
        let asked = browser.visit("/auth/logout").await;
        assert!(text(&asked).contains("Sign out?"), "{host}");
        browser.submit("/auth/logout", "").await;
        assert_eq!(browser.session(), None, "{host}");
        let moved = browser.visit("/auth/logout").await;
        let page = browser.visit(path_on_public_host(&moved)).await;
        assert!(text(&page).contains("You are signed out"), "{host}");
    }
}

#[tokio::test]
async fn a_signed_in_user_of_the_public_host_is_redirected_to_the_page() {
    let shop = Shop::open().await;
    let mut browser = at(&shop, "127.0.0.1:3000");
    browser.sign_in("/", JIWOO).await;
    let before = browser.jar();
    assert_eq!(text(&browser.visit("/orders").await), "+821012345678");
    assert_eq!(browser.jar(), before);
    for host in SIBLINGS.into_iter().take(2) {
        let moved = at(&shop, host).visit("/orders").await;
        let back = browser.visit(path_on_public_host(&moved)).await;
        assert_eq!(location(&back), "/orders", "{host}");
        let cookies = set_cookies(&back).join(" ");
        assert!(cookies.contains("Max-Age=10"), "{cookies}");
    }
    // A proxy redirects the public host to the other one.
    let moved = at(&shop, SIBLINGS[0]).visit("/orders").await;
    let page = browser.visit(path_on_public_host(&moved)).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::Misdirected));
}

#[tokio::test]
async fn a_callback_and_a_sign_out_at_the_www_sibling_are_redirected_too() {
    let shop = Shop::secure().await;
    for path in [
        "/auth/callback/kakao?code=1&state=2",
        "/auth/logout",
        "/auth/logout/done",
    ] {
        let moved = at(&shop, "www.shop.example.com").visit(path).await;
        let expected = format!("{HTTPS}{path}");
        assert!(location(&moved).starts_with(&expected), "{path}");
        let moved = location(&moved).strip_prefix(HTTPS).unwrap().to_owned();
        let page = at(&shop, "www.shop.example.com").visit(&moved).await;
        assert_ne!(page.status(), StatusCode::SEE_OTHER, "{path}");
    }
}
