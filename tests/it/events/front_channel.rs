//! OpenID Connect Front-Channel Logout 1.0: the provider's page loads us in a frame, without our cookies.

use http::{Method, StatusCode};
use tower_phone_auth::local_provider::LocalProvider;

use super::{call, is_in, member};
use crate::support::{browser::Page, shop::Shop};

async fn open() -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    provider.forge_id_token(|_, claims| claims["sid"] = "sid-of-nobody-else".into());
    let oidc = provider.oidc().front_channel_logout();
    Shop::at(provider, oidc, |builder| builder)
}

fn issuer(shop: &Shop) -> String {
    shop.provider.oidc_issuer()
}

async fn frame(shop: &Shop, iss: &str, sid: &str) -> Page {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("iss", iss), ("sid", sid)])
        .finish();
    let path = format!("/auth/events/oidc/front?{query}");
    call(shop, Method::GET, &path, &[], "").await
}

#[tokio::test]
async fn the_session_that_the_provider_names_ends() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    let page = frame(&shop, &issuer(&shop), "sid-of-nobody-else").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(page.headers()["cache-control"], "no-store");
    // Else the provider's page could not frame it.
    assert!(!page.headers().contains_key("content-security-policy"));
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn another_session_stays() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    let page = frame(&shop, &issuer(&shop), "sid-of-somebody").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn another_issuers_word_ends_nothing() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    for iss in ["https://evil.example", ""] {
        let page = frame(&shop, iss, "sid-of-nobody-else").await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    }
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn a_session_must_be_named_once() {
    let shop = open().await;
    let iss = issuer(&shop);
    for query in [
        String::new(),
        format!("iss={iss}"),
        format!("iss={iss}&sid="),
        format!("iss={iss}&sid=a&sid=b"),
        "sid=a".to_owned(),
    ] {
        let path = format!("/auth/events/oidc/front?{query}");
        let page = call(&shop, Method::GET, &path, &[], "").await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn made_up_sessions_do_not_fill_the_memory() {
    let shop = open().await;
    let mut statuses = Vec::new();
    for number in 0..60 {
        let page = frame(&shop, &issuer(&shop), &format!("made-up-{number}")).await;
        statuses.push(page.status().as_u16());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 50);
    assert_eq!(statuses.last(), Some(&429));
}

#[tokio::test]
async fn it_is_off_by_default_and_a_get_alone() {
    let shop = open().await;
    let page = call(&shop, Method::POST, "/auth/events/oidc/front", &[], "").await;
    assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(page.headers()["allow"], "GET");
    let provider = LocalProvider::start().await.unwrap();
    let oidc = provider.oidc();
    let shop = Shop::at(provider, oidc, |builder| builder);
    let page = frame(&shop, &issuer(&shop), "sid-of-nobody-else").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
}
