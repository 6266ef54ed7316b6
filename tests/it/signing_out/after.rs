//! The setting `after_sign_out`, an application's own page after a sign-out.

use crate::support::clients::Clients as _;
use http::{Method, StatusCode, header::CONTENT_SECURITY_POLICY};
use tower_phone_auth::{Builder, ConfigError, Kakao, OAuthLayer, SessionKey};
use tower_phone_auth_local_provider::LocalProvider;

use super::FORM;
use crate::{
    logout_at_provider::oidc::at_provider,
    support::{
        browser::{Browser, JIWOO, location, text},
        replicas::Replicas,
        shop::{HTTPS, ORIGIN, Shop},
    },
};

async fn signed_in(shop: &Shop) -> Browser {
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    browser
}

fn after_sign_out(place: &str) -> impl FnOnce(Builder) -> Builder {
    let place = place.to_owned();
    |builder| {
        let public = ["/bye", "/bye/{*rest}", "/ko/{name}"];
        builder.public(public).after_sign_out(place)
    }
}

#[tokio::test]
async fn a_page_that_signs_out_is_redirected_to_the_setting() {
    for (given, led) in [
        ("/bye", "/bye"),
        ("/maybe?from=auth#top", "/maybe?from=auth#top"),
        ("http://127.0.0.1:3000/bye", "/bye"),
        ("/ko/안녕", "/ko/%EC%95%88%EB%85%95"),
        (
            "https://www.example.com/bye?lang=ko",
            "https://www.example.com/bye?lang=ko",
        ),
        ("https://www.example.com", "https://www.example.com/"),
    ] {
        let shop = Shop::with(|kakao| kakao, after_sign_out(given)).await;
        for path in [
            "/auth/logout",
            "/auth/logout?everywhere",
            "/auth/logout?return_to=%2Fcart",
        ] {
            let mut browser = signed_in(&shop).await;
            let away = browser.send(Method::POST, path, &FORM).await;
            assert_eq!(away.status(), StatusCode::SEE_OTHER, "{given} {path}");
            assert_eq!(location(&away), led, "{path}");
            assert_eq!(away.headers()["cache-control"], "no-store");
            assert_eq!(browser.session(), None);
        }
        let mut browser = signed_in(&shop).await;
        let done = browser.fetch(Method::POST, "/auth/logout").await;
        assert_eq!(done.status(), StatusCode::NO_CONTENT);
        // A browser without a session is redirected too.
        let away = browser.send(Method::POST, "/auth/logout", &FORM).await;
        assert_eq!(location(&away), led);
        // The page of the layer still answers.
        let page = browser.visit("/auth/logout").await;
        assert!(text(&page).contains("You are signed out"));
    }
}

#[tokio::test]
async fn a_return_from_the_providers_sign_out_is_redirected_to_the_setting() {
    for place in ["/bye", "https://www.example.com/bye"] {
        let provider = LocalProvider::start().await.unwrap();
        let oidc = provider.oidc().logout_at_provider();
        let shop = Shop::at(provider, oidc, after_sign_out(place));
        let mut browser = signed_in(&shop).await;
        let away = browser.send(Method::POST, "/auth/logout", &FORM).await;
        assert!(location(&away).contains("/oidc/logout?"));
        let back = at_provider(location(&away)).await;
        assert_eq!(location(&browser.visit(&back).await), place);
        // Some providers return without a state.
        assert_eq!(location(&browser.visit("/auth/logout/done").await), place);
        // A browser with a session gets the question.
        browser.sign_in("/", JIWOO).await;
        let page = browser.visit(&back).await;
        assert!(text(&page).contains("Sign out?"));
    }
}

#[tokio::test]
async fn a_sign_out_that_is_not_known_everywhere_gets_a_page_first() {
    let shop = Replicas::new().await;
    let line = crate::support::replicas::LogConnection::to(&shop.log);
    let one = shop.start_with(line.clone(), |builder| {
        builder.after_sign_out("https://www.example.com/bye")
    });
    one.layer.warm_up().await.unwrap();
    let mut browser = one.browser();
    let away = browser.visit("/auth/login?provider=kakao").await;
    let callback = browser.act(&away, JIWOO).await;
    browser.visit(&callback).await;
    line.cut();
    let away = browser.send(Method::POST, "/auth/logout", &FORM).await;
    assert_eq!(location(&away), "/auth/logout?ended=partly");
}

#[tokio::test]
async fn the_question_lets_its_form_through_to_another_site() {
    for (place, origin) in [
        ("/bye", None),
        (
            "https://www.example.com/bye",
            Some("https://www.example.com"),
        ),
        (
            "https://www.example.com:8443/",
            Some("https://www.example.com:8443"),
        ),
    ] {
        let shop = Shop::with(|kakao| kakao, after_sign_out(place)).await;
        let mut browser = signed_in(&shop).await;
        let page = browser.visit("/auth/logout").await;
        let policy = page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
        let forms = policy
            .split("; ")
            .find(|rule| rule.starts_with("form-action"));
        let expected = match origin {
            Some(origin) => format!("form-action 'self' {origin}"),
            None => "form-action 'self'".to_owned(),
        };
        assert_eq!(forms, Some(&*expected), "{place}");
    }
}

fn refused(public_url: &str, place: &str) -> ConfigError {
    let builder = OAuthLayer::builder()
        .public_url(public_url)
        .session_key(SessionKey::random())
        .provider(Kakao::new("key", "secret"))
        .public(["/bye", "/bye/{*rest}"])
        .after_sign_out(place);
    builder.build().expect_err(place)
}

#[test]
fn places_that_cannot_work_are_refused_with_the_remedy() {
    for (place, remedy) in [
        ("", "as in /goodbye"),
        ("bye", "as in /goodbye"),
        ("//evil.example", "as in /goodbye"),
        ("/\\evil.example", "as in /goodbye"),
        ("/bye\r\nSet-Cookie: a=b", "as in /goodbye"),
        ("javascript:alert(1)", "as in /goodbye"),
        ("ftp://www.example.com/", "as in /goodbye"),
        ("http://www.example.com/bye", "https://www.example.com/bye"),
        ("https://user:secret@www.example.com/", "as in /goodbye"),
        ("/auth/login", "the application's own"),
        ("/auth", "the application's own"),
        (
            "https://shop.example.com/auth/logout",
            "the application's own",
        ),
        ("/", "list \"/\" in public"),
        ("/pay?x=1", "list \"/pay\" in public"),
        ("https://shop.example.com/pay", "list \"/pay\" in public"),
        (
            "https://SHOP.example.com:443/pay",
            "list \"/pay\" in public",
        ),
    ] {
        let error = refused(HTTPS, place);
        assert_eq!(error.setting(), "after_sign_out", "{place}");
        let said = error.to_string();
        assert!(said.contains(remedy), "{place}: {said}");
        assert!(!said.contains("secret@"), "{said}");
    }
    let long = format!("/bye/{}", "a".repeat(1500));
    assert!(refused(HTTPS, &long).to_string().contains("1,500"));
    // A loopback address is only valid for an application on loopback.
    let error = refused(HTTPS, "http://127.0.0.1:3000/bye");
    assert_eq!(error.setting(), "after_sign_out");
    let error = refused(ORIGIN, "http://192.168.0.7/bye");
    assert_eq!(error.setting(), "after_sign_out");
}

#[test]
fn a_page_on_loopback_is_a_place_while_the_application_is_there_too() {
    for place in [
        "http://127.0.0.1:4000/bye",
        "http://localhost:3000/bye",
        "/bye",
    ] {
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(SessionKey::random())
            .provider(Kakao::new("key", "secret"))
            .public(["/bye"])
            .after_sign_out(place);
        assert!(builder.build().is_ok(), "{place}");
    }
}
