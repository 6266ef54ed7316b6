//! The sign-in page with one provider, and with a choice of several.

use http::{HeaderValue, StatusCode, header::ACCEPT_LANGUAGE};

use crate::support::{
    browser::{JIWOO, location, parameter, text},
    shop::Shop,
};

#[tokio::test]
async fn a_single_provider_is_redirected_to_at_once() {
    let shop = Shop::open().await;
    for path in [
        "/auth/login",
        "/auth/login?provider=kakao",
        "/auth/login?x=y",
    ] {
        let away = shop.browser().visit(path).await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER);
        assert!(location(&away).starts_with(&shop.provider.origin()));
    }
}

#[tokio::test]
async fn several_providers_are_a_choice_and_the_return_to_is_kept() {
    let shop = Shop::with_two_providers().await;
    let mut browser = shop.browser();
    let away = browser.visit("/cart?x=1&y=2").await;
    assert_eq!(
        location(&away),
        "/auth/login?return_to=%2Fcart%3Fx%3D1%26y%3D2"
    );
    assert!(browser.cookies.is_empty());
    let page = browser.visit(location(&away)).await;
    assert_eq!(page.status(), StatusCode::OK);
    for name in ["kakao", "second"] {
        let link = format!("/auth/login?provider={name}&amp;return_to=%2Fcart%3Fx%3D1%26y%3D2");
        assert!(text(&page).contains(&link));
        let back = browser.come_back(&link.replace("&amp;", "&"), JIWOO).await;
        assert_eq!(location(&back), "/cart?x=1&y=2");
        browser.cookies.clear();
    }
}

#[tokio::test]
async fn each_provider_has_its_own_callback() {
    let shop = Shop::with_two_providers().await;
    for name in ["kakao", "second"] {
        let login = format!("/auth/login?provider={name}");
        let away = shop.browser().visit(&login).await;
        let redirect_uri = parameter(&away, "redirect_uri").unwrap();
        assert_eq!(
            redirect_uri,
            format!("http://127.0.0.1:3000/auth/callback/{name}")
        );
    }
}

#[tokio::test]
async fn the_choice_is_in_the_language_of_the_browser() {
    let shop = Shop::with_two_providers().await;
    for (language, words) in [("ko", "카카오 로그인"), ("en", "Login with Kakao")] {
        let mut browser = shop.browser();
        let language = HeaderValue::from_static(language);
        browser.headers.insert(ACCEPT_LANGUAGE, language);
        assert!(text(&browser.visit("/auth/login").await).contains(words));
    }
}

#[tokio::test]
async fn an_unknown_provider_is_answered_404_with_the_known_ones() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    for name in ["naver", "KAKAO", "kakao%00", "%3Cscript%3E", "../kakao"] {
        let page = browser.visit(&format!("/auth/login?provider={name}")).await;
        assert_eq!(page.status(), StatusCode::NOT_FOUND, "{name}");
        assert!(text(&page).contains("href=\"/auth/login?provider=kakao\""));
        assert!(!text(&page).contains("<script>"));
    }
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn a_signed_in_user_may_sign_in_again() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    let back = browser
        .come_back("/auth/login?return_to=/cart", JIWOO)
        .await;
    assert_eq!(location(&back), "/cart");
}

#[tokio::test]
async fn an_empty_provider_counts_as_none() {
    let shop = Shop::open().await;
    let away = shop
        .browser()
        .visit("/auth/login?provider=&return_to=")
        .await;
    assert!(location(&away).starts_with(&shop.provider.origin()));
}
