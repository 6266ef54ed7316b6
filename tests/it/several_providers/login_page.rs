//! The application's own sign-in page in place of the layer's.

use http::StatusCode;
use tower_phone_auth::{OAuthLayer, SessionKey};

use super::open_with;
use crate::support::{
    browser::{JIWOO, location, text},
    shop::Shop,
};

async fn shop() -> Shop {
    open_with(|builder| builder.login_page("/welcome").public(["/welcome"])).await
}

#[tokio::test]
async fn a_user_without_a_session_is_led_to_the_applications_page_and_back() {
    let shop = shop().await;
    for target in ["/cart", "/cart?item=7&name=%EA%B0%80", "/"] {
        let mut browser = shop.browser();
        let away = browser.visit(target).await;
        let away = browser.visit(location(&away)).await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER);
        let (page, return_to) = location(&away).split_once("?return_to=").unwrap();
        assert_eq!(page, "/welcome");
        let login = format!("/auth/login?provider=kakao&return_to={return_to}");
        assert_eq!(location(&browser.come_back(&login, JIWOO).await), target);
    }
}

#[tokio::test]
async fn the_layer_shows_its_own_page_where_it_has_more_to_say() {
    let shop = shop().await;
    let mut browser = shop.browser();
    let long = format!("/auth/login?return_to=%2F{}", "a".repeat(1990));
    for path in ["/auth/login?provider=none", "/auth/login?fresh=1", &long] {
        let page = browser.visit(path).await;
        assert!(text(&page).contains("Login with Kakao"), "{path}");
    }
    let alone = Shop::with(
        |kakao| kakao,
        |builder| builder.login_page("/welcome").public(["/welcome"]),
    );
    let away = alone.await.browser().visit("/auth/login").await;
    assert!(location(&away).contains("/oauth/authorize"));
}

#[test]
fn a_page_that_cannot_be_shown_is_refused() {
    for (path, problem) in [
        ("welcome", "is no path"),
        ("//evil.example", "is no path"),
        ("https://evil.example/", "is no path"),
        ("/welcome?a=b", "is no path"),
        // Browsers leave these characters out.
        ("/\t/evil.example", "is no path"),
        ("/\n/evil.example", "is no path"),
        ("/wel\rcome", "is no path"),
        ("/auth/login", "is below the layer's prefix"),
        ("/orders", "is not public"),
    ] {
        let builder = OAuthLayer::builder()
            .public_url("https://shop.example.com")
            .session_key(SessionKey::random())
            .login_page(path);
        let error = builder.build().unwrap_err();
        assert_eq!(error.setting(), "login_page");
        assert!(error.to_string().contains(problem), "{error}");
    }
}
