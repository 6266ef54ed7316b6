//! `/favicon.ico`, which browsers request with every page, is public by default. The tab of a
//! sign-in page then has the icon of the application.

use axum::{Router, routing::get};
use http::{Method, StatusCode, header::CONTENT_SECURITY_POLICY};
use tower_phone_auth::VerifiedUser;

use crate::support::{
    browser::{Browser, JIWOO, location, text},
    shop::{ORIGIN, Shop},
};

const IMAGE: [(&str, &str); 2] = [("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")];

fn app(shop: &Shop) -> Router {
    let user_or_anonymous = async |user: Option<VerifiedUser>| user.map_or("anonymous", |_| "user");
    Router::new()
        .route(
            "/favicon.ico",
            get(user_or_anonymous)
                .post(user_or_anonymous)
                .delete(user_or_anonymous),
        )
        .route("/", get(async |_: VerifiedUser| "home"))
        .layer(shop.layer.clone())
}

#[tokio::test]
async fn the_applications_icon_is_served_without_a_session_and_with_one() {
    let shop = Shop::open().await;
    let mut browser = Browser::new(app(&shop), ORIGIN);
    for headers in [&IMAGE[..], &[("sec-fetch-site", "cross-site")], &[]] {
        for method in [Method::GET, Method::HEAD] {
            let icon = browser.send(method, "/favicon.ico", headers).await;
            assert_eq!(icon.status(), StatusCode::OK);
            assert!(!icon.headers().contains_key("cache-control"));
        }
    }
    let icon = browser.send(Method::GET, "/favicon.ico?v=2", &IMAGE).await;
    assert_eq!(text(&icon), "anonymous");
    browser.sign_in("/", JIWOO).await;
    let icon = browser.send(Method::GET, "/favicon.ico", &IMAGE).await;
    assert_eq!(text(&icon), "user");
    assert!(!icon.headers().contains_key("cache-control"));
}

#[tokio::test]
async fn an_application_without_an_icon_answers_404_and_no_sign_in_begins() {
    let shop = Shop::open().await;
    let app = Router::new()
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    let icon = browser.send(Method::GET, "/favicon.ico", &IMAGE).await;
    assert_eq!(icon.status(), StatusCode::NOT_FOUND);
    let icon = browser.visit("/favicon.ico").await;
    assert_eq!(icon.status(), StatusCode::NOT_FOUND);
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn no_other_path_is_public_with_it() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for path in [
        "/favicon.ico/",
        "/favicon.ico/x",
        "//favicon.ico",
        "/Favicon.ico",
        "/favicon%2Eico",
        "/%66avicon.ico",
        "/x/../favicon.ico",
        "/x/favicon.ico",
        "/favicon.icon",
        "/favicon",
        "/apple-touch-icon.png",
    ] {
        let icon = browser.send(Method::GET, path, &IMAGE).await;
        assert_eq!(icon.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let icon = browser.send(method.clone(), "/favicon.ico", &[]).await;
        assert_eq!(icon.status(), StatusCode::UNAUTHORIZED, "{method}");
    }
}

#[tokio::test]
async fn an_exception_protects_the_icon_and_a_pattern_for_it_is_allowed() {
    for pattern in ["!/favicon.ico", "!GET /favicon.ico"] {
        let shop = Shop::with(|kakao| kakao, |builder| builder.public([pattern])).await;
        let mut browser = Browser::new(app(&shop), ORIGIN);
        for method in [Method::GET, Method::HEAD] {
            let icon = browser.send(method, "/favicon.ico", &IMAGE).await;
            assert_eq!(icon.status(), StatusCode::UNAUTHORIZED, "{pattern}");
        }
    }
    for pattern in ["/favicon.ico", "GET /favicon.ico", "/{name}", "/{*rest}"] {
        let public = |builder: tower_phone_auth::Builder| match pattern {
            "/{*rest}" | "/{name}" => builder.public([pattern, "!/auth/{*rest}", "!/auth"]),
            _ => builder.public([pattern]),
        };
        let shop = Shop::with(|kakao| kakao, public).await;
        let mut browser = Browser::new(app(&shop), ORIGIN);
        let icon = browser.send(Method::GET, "/favicon.ico", &IMAGE).await;
        assert_eq!(icon.status(), StatusCode::OK, "{pattern}");
    }
}

#[tokio::test]
async fn the_policy_of_each_page_allows_the_icon() {
    let shop = Shop::with_two_providers().await;
    let mut browser = shop.browser();
    let refused = "/auth/callback/kakao?error=access_denied&state=x";
    let mut pages = vec![];
    for path in ["/auth/login", "/auth/logout", refused] {
        pages.push(browser.visit(path).await);
    }
    let framed = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-site", "same-origin"),
        ("accept", "text/html"),
    ];
    pages.push(browser.send(Method::GET, "/widget", &framed).await);
    browser.sign_in("/auth/login?provider=kakao", JIWOO).await;
    pages.push(browser.visit("/auth/logout").await);
    for page in &pages {
        let policy = page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
        let images = policy.split("; ").find(|rule| rule.starts_with("img-src"));
        assert_eq!(images, Some("img-src 'self'"), "{policy}");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    }
}

#[tokio::test]
async fn the_local_providers_page_requests_no_icon() {
    for dialect in ["kakao", "naver", "google", "oidc"] {
        let shop = crate::several_providers::open().await;
        let mut browser = shop.browser();
        let away = browser
            .visit(&format!("/auth/login?provider={dialect}"))
            .await;
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let page = client.get(location(&away)).send().await.unwrap();
        let policy = page.headers()[CONTENT_SECURITY_POLICY.as_str()].clone();
        let policy = policy.to_str().unwrap();
        assert!(policy.contains("img-src data:"), "{policy}");
        let page = page.text().await.unwrap();
        assert!(
            page.contains("<link rel=\"icon\" href=\"data:,\">"),
            "{page}"
        );
    }
}
