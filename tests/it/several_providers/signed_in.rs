//! The sign-in page in a browser that is signed in already, for example by another tab.

use std::time::Duration;

use axum::{Router, response::Redirect, routing::get};
use http::{Method, StatusCode};

use super::open;
use crate::support::{
    browser::{Browser, JIWOO, Page, location, text},
    shop::{ORIGIN, Shop},
};

const NOTE: &str = "You are signed in already";
const CONTINUE: &str = "Continue";

async fn signed_in(shop: &Shop) -> Browser {
    let mut browser = shop.browser();
    browser.sign_in("/auth/login?provider=kakao", JIWOO).await;
    browser
}

/// The address of the page's button with this name.
fn button(page: &Page, name: &str) -> Option<String> {
    let page = text(page);
    let end = page.find(&format!(">{name}</a>"))?;
    let link = page[..end].rsplit_once("href=\"")?.1;
    Some(link.split('"').next()?.replace("&amp;", "&"))
}

#[tokio::test]
async fn the_page_of_a_signed_in_user_has_a_first_button_to_the_place() {
    let shop = open().await;
    let mut browser = shop.browser();
    for place in ["/cart?a=1%2F&b", "/pay?t=1", "/%ED%95%9C", "/"] {
        browser.cookies.clear();
        let away = browser.visit(place).await;
        let page = browser.visit(location(&away)).await;
        assert!(!text(&page).contains(NOTE));
        // The user signs in in another tab.
        browser.sign_in("/auth/login?provider=kakao", JIWOO).await;
        let session = browser.session().unwrap().to_owned();
        let page = browser.visit(location(&away)).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert!(text(&page).contains(NOTE), "{}", text(&page));
        assert_eq!(text(&page).matches("class=\"act\"").count(), 1);
        let on = browser.visit(&button(&page, CONTINUE).unwrap()).await;
        assert_eq!(location(&on), place);
        assert_eq!(browser.session(), Some(&*session));
        assert_eq!(browser.visit(place).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn the_note_is_in_korean_as_well() {
    let shop = open().await;
    let mut browser = signed_in(&shop).await;
    let korean = "ko".parse().unwrap();
    browser.headers.insert("accept-language", korean);
    let page = browser.visit("/auth/login?return_to=%2Fcart").await;
    assert!(text(&page).contains("이미 로그인되어 있습니다"));
    let link = button(&page, "계속하기").unwrap();
    assert_eq!(location(&browser.visit(&link).await), "/cart");
}

#[tokio::test]
async fn without_a_live_session_the_page_is_as_before() {
    let shop = open().await;
    let mut browser = signed_in(&shop).await;
    let link = {
        let page = browser.visit("/auth/login?return_to=%2Fcart").await;
        button(&page, CONTINUE).unwrap()
    };
    let ended = {
        let mut copy = shop.browser();
        copy.sign_in("/auth/login?provider=kakao", JIWOO).await;
        let cookies = copy.cookies.clone();
        copy.fetch(Method::POST, "/auth/logout").await;
        copy.cookies = cookies;
        copy
    };
    let mut forged = shop.browser();
    forged
        .cookies
        .insert("phone-auth".to_owned(), "x".repeat(200));
    let over = {
        shop.time.pass(Duration::from_secs(12 * 60 * 60 + 1));
        browser
    };
    for mut browser in [shop.browser(), ended, forged, over] {
        for path in ["/auth/login?return_to=%2Fcart", &*link] {
            let page = browser.visit(path).await;
            assert_eq!(page.status(), StatusCode::OK, "{path}");
            assert!(!text(&page).contains(NOTE));
            assert_eq!(button(&page, CONTINUE), None);
            assert!(text(&page).contains("Log in with NAVER"));
        }
    }
}

#[tokio::test]
async fn an_explicit_new_sign_in_gets_no_button_to_continue() {
    let shop = open().await;
    let mut browser = signed_in(&shop).await;
    for parameter in ["fresh=1", "another_account=1"] {
        let page = browser
            .visit(&format!("/auth/login?return_to=%2Fcart&{parameter}"))
            .await;
        assert_eq!(button(&page, CONTINUE), None, "{parameter}");
        // Each provider's link keeps the parameter.
        let links = text(&page).matches(&format!("&amp;{parameter}")).count();
        assert_eq!(links, super::NAMES.len(), "{parameter}");
    }
    // A link that names a provider begins a sign-in.
    for name in super::NAMES {
        let path = format!("/auth/login?provider={name}&return_to=%2Fcart&continue=1");
        let away = browser.visit(&path).await;
        let provider = shop.provider.origin();
        assert!(location(&away).starts_with(&provider), "{name}");
    }
}

#[tokio::test]
async fn the_account_of_the_link_is_kept_beside_it() {
    let shop = open().await;
    let mut browser = signed_in(&shop).await;
    let page = browser
        .visit("/auth/login?return_to=%2Fcart&login_hint=a%40b.example")
        .await;
    assert!(text(&page).contains(NOTE));
    let hinted = text(&page).matches("login_hint=a%40b.example").count();
    assert_eq!(hinted, super::NAMES.len());
}

#[tokio::test]
async fn a_link_of_another_site_changes_nothing_and_leads_nowhere_else() {
    let shop = open().await;
    for target in [
        "https%3A%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "%2Fauth%2Flogout",
        "",
    ] {
        let mut browser = signed_in(&shop).await;
        let session = browser.session().unwrap().to_owned();
        let foreign = [
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-site", "cross-site"),
            ("accept", "text/html"),
        ];
        let path = format!("/auth/login?return_to={target}");
        let page = browser.send(Method::GET, &path, &foreign).await;
        assert!(text(&page).contains(NOTE), "{target}");
        let on = browser.visit(&button(&page, CONTINUE).unwrap()).await;
        assert_eq!(location(&on), "/", "{target}");
        let path = format!("{path}&continue=1");
        let on = browser.send(Method::GET, &path, &foreign).await;
        assert_eq!(location(&on), "/", "{target}");
        assert_eq!(browser.session(), Some(&*session));
    }
}

/// An application that redirects its users from some pages to sign in with another account.
fn refusing_some_users(shop: &Shop) -> Router {
    let away = |to: &'static str| get(async move || Redirect::to(to));
    Router::new()
        .route("/", get(async || "home"))
        .route("/admin", away("/auth/login?return_to=%2Fadmin"))
        .route("/staff", away("/auth/login?return_to=%2Fstaff"))
        .route("/cart", get(async || "cart"))
        .layer(shop.layer.clone())
}

#[tokio::test]
async fn a_place_that_sends_the_user_back_gets_no_second_button() {
    let shop = open().await;
    let mut browser = Browser::new(refusing_some_users(&shop), ORIGIN);
    browser.sign_in("/auth/login?provider=kakao", JIWOO).await;
    for place in ["/admin", "/staff"] {
        let away = browser.visit(place).await;
        let page = browser.visit(location(&away)).await;
        let on = browser.visit(&button(&page, CONTINUE).unwrap()).await;
        assert_eq!(location(&on), place);
        let away = browser.visit(place).await;
        let page = browser.visit(location(&away)).await;
        assert_eq!(page.status(), StatusCode::OK);
        assert!(text(&page).contains(NOTE));
        assert!(text(&page).contains("sign in with another account"));
        assert_eq!(button(&page, CONTINUE), None, "{place}");
        // Another place is counted separately.
        let page = browser.visit("/auth/login?return_to=%2Fcart").await;
        assert!(button(&page, CONTINUE).is_some());
    }
    // The application may accept another session.
    browser.sign_in("/auth/login?provider=kakao", JIWOO).await;
    let page = browser.visit("/auth/login?return_to=%2Fstaff").await;
    assert!(button(&page, CONTINUE).is_some());
}

#[tokio::test]
async fn a_single_provider_is_redirected_to_with_a_session_too() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    for path in [
        "/auth/login",
        "/auth/login?return_to=%2Fcart",
        "/auth/login?provider=kakao&return_to=%2Fcart",
    ] {
        let away = browser.visit(path).await;
        assert!(location(&away).starts_with(&shop.provider.origin()));
    }
}

#[tokio::test]
async fn a_saved_form_is_offered_on_the_way() {
    let shop = super::open_with(tower_phone_auth::Builder::save_forms).await;
    let mut browser = shop.browser();
    let kept = browser.submit("/order", "item=tea").await;
    let login = location(&kept).to_owned();
    browser.sign_in("/auth/login?provider=kakao", JIWOO).await;
    let page = browser.visit(&login).await;
    let mut on = browser.visit(&button(&page, CONTINUE).unwrap()).await;
    if on.status() == StatusCode::SEE_OTHER {
        let offer = location(&on).to_owned();
        on = browser.visit(&offer).await;
    }
    assert!(text(&on).contains("value=\"tea\""), "{}", text(&on));
}
