//! The question before a sign-out and the page after it have a link to the page before.

use crate::support::clients::Clients as _;
use http::{Method, StatusCode};
use tower_phone_auth::Builder;
use tower_phone_auth_local_provider::LocalProvider;

use super::{FORM, action, link, links};
use crate::{
    logout_at_provider::oidc::at_provider,
    support::{
        browser::{Browser, JIWOO, Page, location, text},
        shop::{HTTPS, ORIGIN, Shop},
    },
    tabs::header_bytes,
};

const BACK: &str = "Back to the page before";
const START: &str = "Go to the start page";
const AGAIN: &str = "Sign in again";

async fn signed_in(shop: &Shop) -> Browser {
    let mut browser = shop.browser();
    browser.sign_in("/auth/login", JIWOO).await;
    browser
}

async fn open(settings: impl FnOnce(Builder) -> Builder) -> Shop {
    Shop::with(|kakao| kakao, settings).await
}

/// Follows a link on the page `from`.
async fn follow(browser: &mut Browser, path: &str, from: &str) -> Page {
    let headers = [FORM[0], FORM[1], FORM[2], ("referer", from)];
    browser.send(Method::GET, path, &headers).await
}

/// Sends the form of the question; the page to which that leads.
async fn sign_out(browser: &mut Browser, question: &Page) -> Page {
    let away = browser.send(Method::POST, &action(question), &FORM).await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
    browser.visit(location(&away)).await
}

#[tokio::test]
async fn cancel_leads_back_to_the_page_before() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    for place in ["/pay?x=1", "/", "/orders/%ED%95%9C?q=a+b%26c&q=%2F", "/a;b"] {
        let from = format!("{ORIGIN}{place}");
        for question in ["/auth/logout", "/auth/logout?everywhere"] {
            let page = follow(&mut browser, question, &from).await;
            assert_eq!(link(&page, "Cancel").as_deref(), Some(place), "{question}");
        }
    }
    browser
        .headers
        .insert("accept-language", "ko".parse().unwrap());
    let page = follow(&mut browser, "/auth/logout", "http://127.0.0.1:3000/pay").await;
    assert_eq!(link(&page, "취소").as_deref(), Some("/pay"));
}

#[tokio::test]
async fn a_link_may_name_the_page_before() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    for (query, place) in [
        ("return_to=%2Fcart%3Fa%3D1", "/cart?a=1"),
        ("return_to=/cart&everywhere", "/cart"),
        (
            "return_to=%2Fsearch%3Fq%3D%25EA%25B0%2580",
            "/search?q=%EA%B0%80",
        ),
    ] {
        let question = format!("/auth/logout?{query}");
        let page = follow(&mut browser, &question, "http://127.0.0.1:3000/pay").await;
        assert_eq!(link(&page, "Cancel").as_deref(), Some(place), "{query}");
    }
}

#[tokio::test]
async fn no_page_elsewhere_and_none_of_the_layer_is_the_page_before() {
    let shop = Shop::open().await;
    let mut browser = signed_in(&shop).await;
    for from in [
        "https://evil.example/",
        "http://127.0.0.1:3000.evil.example/pay",
        "http://127.0.0.1:3000@evil.example/",
        "http://127.0.0.1:30000/pay",
        "http://127.0.0.1:3000//evil.example/",
        "http://127.0.0.1:3000/\\evil.example",
        "http://127.0.0.1:3000/auth/logout?return_to=%2Fx",
        "http://127.0.0.1:3000/auth/login",
        "http://127.0.0.1:3000/x/../auth/logout",
        "about:client",
        "",
    ] {
        let page = follow(&mut browser, "/auth/logout", from).await;
        assert_eq!(link(&page, "Cancel").as_deref(), Some("/"), "{from}");
        assert_eq!(action(&page), "/auth/logout", "{from}");
    }
    for target in [
        "https%3A%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "%2Fauth%2Flogout",
        "javascript:alert(1)",
    ] {
        let question = format!("/auth/logout?return_to={target}");
        let page = follow(&mut browser, &question, "http://127.0.0.1:3000/pay").await;
        assert_eq!(link(&page, "Cancel").as_deref(), Some("/"), "{target}");
    }
}

#[tokio::test]
async fn after_signing_out_a_public_page_before_comes_first() {
    let shop = open(|builder| builder.public(["/open/{*rest}"])).await;
    for place in ["/maybe?tab=2", "/open/a%20b?c=d", "/maybe"] {
        let mut browser = signed_in(&shop).await;
        let from = format!("{ORIGIN}{place}");
        let question = follow(&mut browser, "/auth/logout", &from).await;
        let page = sign_out(&mut browser, &question).await;
        let links = links(&page);
        assert_eq!(links[0], (place.to_owned(), BACK.to_owned()));
        assert_eq!(links[1].1, AGAIN);
        assert_eq!(links.len(), 2, "{links:?}");
        // A reload shows the same page.
        let again = link(&page, AGAIN).unwrap();
        let back = browser.come_back(&again, JIWOO).await;
        assert_eq!(location(&back), place);
    }
}

/// The first button must not sign in the next user of a shared computer.
#[tokio::test]
async fn a_protected_page_before_is_reached_by_signing_in_again_alone() {
    for (home_is_public, place) in [(false, "/pay?x=1"), (true, "/orders/7"), (false, "/")] {
        let public: &[&str] = if home_is_public { &["/"] } else { &[] };
        let shop = open(|builder| builder.public(public.iter().copied())).await;
        let mut browser = signed_in(&shop).await;
        let from = format!("{ORIGIN}{place}");
        let question = follow(&mut browser, "/auth/logout?everywhere", &from).await;
        let page = sign_out(&mut browser, &question).await;
        assert_eq!(link(&page, BACK), None);
        assert_eq!(link(&page, START), home_is_public.then(|| "/".to_owned()));
        let links = links(&page);
        assert_eq!(links[0].1, if home_is_public { START } else { AGAIN });
        let again = link(&page, AGAIN).unwrap();
        assert!(again.starts_with("/auth/login"), "{again}");
        let back = browser.come_back(&again, JIWOO).await;
        assert_eq!(location(&back), place);
    }
}

#[tokio::test]
async fn a_form_on_a_page_of_the_application_leads_back_to_that_page() {
    let shop = Shop::open().await;
    for (path, referer, place) in [
        ("/auth/logout", "/maybe?a=b", "/maybe?a=b"),
        ("/auth/logout?everywhere", "/maybe?c", "/maybe?c"),
    ] {
        let mut browser = signed_in(&shop).await;
        let from = format!("{ORIGIN}{referer}");
        let headers = [FORM[0], FORM[1], FORM[2], ("referer", &*from)];
        let away = browser.send(Method::POST, path, &headers).await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER);
        assert!(location(&away).starts_with("/auth/logout?"));
        for _ in 0..2 {
            let page = browser.visit(location(&away)).await;
            assert_eq!(link(&page, BACK).as_deref(), Some(place), "{path}");
        }
    }
}

#[tokio::test]
async fn a_place_too_long_for_a_header_is_left_out() {
    let shop = Shop::secure().await;
    for (length, is_kept) in [(100, true), (590, true), (1500, false), (2048, false)] {
        let place = format!("/{}", "a".repeat(length - 1));
        let mut browser = Browser::new(shop.app.clone(), HTTPS);
        for _ in 0..6 {
            browser.come_back("/auth/login", JIWOO).await;
        }
        let path = format!("/auth/logout?everywhere&return_to={place}");
        let away = browser.send(Method::POST, &path, &FORM).await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER);
        let bytes = header_bytes(&away);
        assert!(bytes < 4000, "{bytes}");
        assert_eq!(location(&away).contains("from="), is_kept, "{length}");
    }
}

#[tokio::test]
async fn back_from_the_providers_sign_out_the_place_is_kept_and_a_reload_says_the_same() {
    for (path, said) in [
        ("/auth/logout", "out of this site and of"),
        ("/auth/logout?everywhere", "in every browser"),
    ] {
        let provider = LocalProvider::start().await.unwrap();
        let oidc = provider.oidc().logout_at_provider();
        let shop = Shop::at(provider, oidc, |builder| builder);
        let mut browser = signed_in(&shop).await;
        let from = ("referer", "http://127.0.0.1:3000/maybe?a");
        let headers = [FORM[0], FORM[1], FORM[2], from];
        let away = browser.send(Method::POST, path, &headers).await;
        let back = at_provider(location(&away)).await;
        for _ in 0..2 {
            let page = browser.visit(&back).await;
            assert_eq!(page.status(), StatusCode::OK);
            let text = text(&page);
            assert!(text.contains(said), "{text}");
            assert!(text.contains("127.0.0.1:"), "{text}");
            assert!(!text.contains("may still be signed in"), "{text}");
            assert_eq!(link(&page, BACK).as_deref(), Some("/maybe?a"), "{path}");
        }
        // A later sign-out that does not lead to the provider makes no statement about it.
        browser.sign_in("/", JIWOO).await;
        browser.fetch(Method::POST, "/auth/logout").await;
        let page = browser.visit(&back).await;
        let text = text(&page);
        assert!(text.contains("may still be signed in"), "{text}");
    }
}
