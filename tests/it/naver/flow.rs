//! The request to Naver and the callback.

use std::time::Duration;

use axum::{Router, routing::get};
use http::Method;
use tower_phone_auth::error::LoginErrorKind::{Cancelled, IssuerMismatch, UnknownState};
use tower_phone_auth_local_provider::Endpoint;

use super::{assert_signed_in, login, open, refusal};
use crate::support::{
    browser::{Act, Browser, JIWOO, altered, location, parameter, text},
    shop::ORIGIN,
};

#[tokio::test]
async fn the_request_is_plain_oauth_without_pkce_and_nonce() {
    let shop = open().await;
    let away = shop.browser().visit("/").await;
    let authorize = format!("{}/oauth2.0/authorize?", shop.provider.origin());
    assert!(location(&away).starts_with(&authorize));
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "local-demo-app"),
        ("redirect_uri", "http://127.0.0.1:3000/auth/callback/naver"),
    ] {
        assert_eq!(parameter(&away, name).as_deref(), Some(value));
    }
    for name in ["scope", "nonce", "code_challenge", "auth_type", "prompt"] {
        assert_eq!(parameter(&away, name), None, "{name}");
    }
    assert!(parameter(&away, "state").unwrap().len() >= 43);
}

#[tokio::test]
async fn all_calls_use_paths_of_one_version() {
    let shop = open().await;
    let mut browser = shop.browser();
    assert_eq!(text(&browser.sign_in("/", JIWOO).await), "+821012345678");
    let mut paths: Vec<_> = shop.provider.requests();
    paths.retain(|request| request.endpoint != Some(Endpoint::Authorize));
    let paths: Vec<_> = paths.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(paths, ["/oauth2.0/token", "/v1/nid/me"]);
}

#[tokio::test]
async fn quirk_28_a_cancel_is_recognized_in_any_order_of_the_parameters() {
    let shop = open().await;
    for query in [
        "state=STATE&error=access_denied&error_description=Canceled%20By%20User",
        "error_description=Canceled%20By%20User&error=access_denied&state=STATE",
    ] {
        let mut browser = shop.browser();
        let away = browser.visit("/").await;
        let state = parameter(&away, "state").unwrap();
        let callback = format!("/auth/callback/naver?{}", query.replace("STATE", &state));
        let page = browser.visit(&callback).await;
        assert_eq!(refusal(&page), (403, Cancelled, Some("access_denied")));
    }
    let page = shop.browser().come_back("/", Act::Cancel).await;
    assert_eq!(refusal(&page), (403, Cancelled, Some("access_denied")));
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn the_state_is_checked_before_any_call_as_only_it_binds_the_code() {
    let shop = open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    let page = shop.browser().visit(&callback).await;
    assert_eq!(
        crate::support::outcome::not_pending(refusal(&page)),
        (400, UnknownState, None)
    );
    let other = altered(&callback, "state", Some("another"));
    assert_eq!(
        crate::support::outcome::not_pending(refusal(&browser.visit(&other).await)),
        (400, UnknownState, None)
    );
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn an_issuer_that_is_not_navers_is_refused() {
    let shop = open().await;
    let mut browser = shop.browser();
    let away = browser.visit("/").await;
    let callback = browser.act(&away, JIWOO).await;
    let other = altered(&callback, "iss", Some("https://accounts.google.com"));
    let page = browser.visit(&other).await;
    assert_eq!(refusal(&page), (400, IssuerMismatch, None));
}

#[tokio::test]
async fn a_route_that_accepts_an_unproved_sign_in_asks_naver_again() {
    let shop = open().await;
    let minutes = |count: u64| Duration::from_secs(60 * count);
    let asked = shop.layer.require().max_age(minutes(5)).accept_unproved();
    let app = Router::new()
        .route("/pay", get(async || "paid"))
        .route_layer(asked)
        .route("/", get(async || "home"))
        .layer(shop.layer.clone());
    let mut browser = Browser::new(app, ORIGIN);
    browser.sign_in("/", JIWOO).await;
    shop.time.pass(minutes(6));
    let away = browser.visit("/pay").await;
    let kind = parameter(&away, "auth_type");
    assert_eq!(kind.as_deref(), Some("reauthenticate"));
    let callback = browser.act(&away, JIWOO).await;
    assert_eq!(location(&browser.visit(&callback).await), "/pay");
    assert_eq!(text(&browser.visit("/pay").await), "paid");
}

#[tokio::test]
async fn quirk_18_no_token_is_kept_so_none_is_refreshed() {
    let shop = open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.provider.forget_requests();
    shop.time.pass(Duration::from_secs(2 * 60 * 60));
    assert_eq!(text(&browser.visit("/").await), "+821012345678");
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn quirk_82_a_sign_out_here_unlinks_no_user_at_naver() {
    let shop = open().await;
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    shop.provider.forget_requests();
    let page = browser.fetch(Method::POST, "/auth/logout").await;
    assert!(page.status().is_success() || page.status().is_redirection());
    assert!(browser.session().is_none());
    assert!(shop.provider.requests().is_empty());
    assert_signed_in(&login(&shop, []).await, "again");
}
