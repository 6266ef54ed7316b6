//! Logout tokens that are none: each is refused, and ends nothing (Back-Channel Logout section 2.6).

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Endpoint, Signing};

use super::{
    FORM, assert_quiet, call, is_in,
    logout_token::{PATH, open, send, token},
    member, post,
};
use crate::support::{browser::text, log::Log, shop::Shop};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The person stays signed in, and the provider reads which part is wrong.
async fn refused(shop: &Shop, token: &str, part: &str) {
    let mut browser = member(shop).await;
    let log = Log::capture();
    let page = send(shop, token).await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{part}");
    assert_eq!(page.headers()["cache-control"], "no-store");
    let document: Value = serde_json::from_slice(page.body()).unwrap();
    assert_eq!(document["error"], "invalid_request");
    let words = format!("{part} is missing or wrong");
    assert_eq!(document["error_description"], words);
    assert!(log.text().contains("event refused"), "{}", log.text());
    assert!(!log.text().contains(token));
    assert!(is_in(&mut browser).await, "{part}");
}

/// A token with which something is wrong.
async fn refused_if(part: &str, forge: impl Fn(&mut Value, &mut Value) + Send + Sync + 'static) {
    let shop = open().await;
    member(&shop).await;
    shop.provider.forge_id_token(forge);
    let token = token(&shop);
    shop.provider.heal_id_tokens();
    refused(&shop, &token, part).await;
}

#[tokio::test]
async fn a_token_of_another_type_is_refused() {
    for kind in ["secevent+jwt", "application/at+jwt", "text/logout+jwt"] {
        refused_if("typ", move |header, _| header["typ"] = kind.into()).await;
    }
}

#[tokio::test]
async fn an_unsigned_token_is_refused() {
    let shop = open().await;
    shop.provider.sign_id_tokens(Signing::None);
    let token = token(&shop);
    shop.provider.heal_id_tokens();
    refused(&shop, &token, "alg").await;
}

#[tokio::test]
async fn the_public_key_is_no_secret_to_sign_with() {
    let shop = open().await;
    shop.provider.sign_id_tokens(Signing::HmacWithPublicKey);
    let token = token(&shop);
    shop.provider.heal_id_tokens();
    refused(&shop, &token, "alg").await;
}

#[tokio::test]
async fn a_bad_signature_is_refused() {
    for signing in [Signing::Corrupted, Signing::WrongKey] {
        let shop = open().await;
        shop.provider.sign_id_tokens(signing);
        let token = token(&shop);
        shop.provider.heal_id_tokens();
        refused(&shop, &token, "signature").await;
    }
}

#[tokio::test]
async fn another_issuer_is_refused() {
    refused_if("iss", |_, claims| {
        claims["iss"] = "https://evil.example".into()
    })
    .await;
}

#[tokio::test]
async fn another_audience_is_refused() {
    refused_if("aud", |_, claims| claims["aud"] = "another-app".into()).await;
    for others in [
        json!(["another-app", "account"]),
        json!([]),
        json!([["local-demo-app"]]),
    ] {
        refused_if("aud", move |_, claims| claims["aud"] = others.clone()).await;
    }
    refused_if("aud", |_, claims| {
        claims.as_object_mut().unwrap().remove("aud");
    })
    .await;
}

#[tokio::test]
async fn a_token_of_another_party_is_refused() {
    for audience in [
        json!("local-demo-app"),
        json!(["local-demo-app", "another-app"]),
    ] {
        refused_if("azp", move |_, claims| {
            claims["aud"] = audience.clone();
            claims["azp"] = "another-app".into();
        })
        .await;
    }
}

#[tokio::test]
async fn a_token_without_the_logout_event_is_refused() {
    refused_if("events", |_, claims| {
        claims.as_object_mut().unwrap().remove("events");
    })
    .await;
    refused_if("events", |_, claims| claims["events"] = json!({})).await;
    refused_if("events", |_, claims| claims["events"] = json!([EVENT])).await;
}

#[tokio::test]
async fn another_event_is_refused() {
    let other = format!("{}/sessions-revoked", super::RISC);
    refused_if("events", move |_, claims| {
        claims["events"] = json!({ other.clone(): {} });
    })
    .await;
}

#[tokio::test]
async fn an_event_that_is_no_object_is_refused() {
    for event in [json!(null), json!(true), json!("{}"), json!([])] {
        refused_if("events", move |_, claims| {
            claims["events"] = json!({ EVENT: event.clone() });
        })
        .await;
    }
}

#[tokio::test]
async fn a_token_with_a_nonce_is_refused() {
    for nonce in [json!("n"), json!(null)] {
        refused_if("nonce", move |_, claims| claims["nonce"] = nonce.clone()).await;
    }
}

#[tokio::test]
async fn a_token_about_nobody_is_refused() {
    refused_if("sub", |_, claims| {
        claims.as_object_mut().unwrap().remove("sub");
        claims.as_object_mut().unwrap().remove("sid");
    })
    .await;
    refused_if("sub", |_, claims| claims["sub"] = json!(7)).await;
}

#[tokio::test]
async fn an_old_token_is_refused() {
    refused_if("exp", |_, claims| {
        let issued = claims["iat"].as_u64().unwrap();
        claims["iat"] = (issued - 200).into();
        claims["exp"] = (issued - 80).into();
    })
    .await;
    refused_if("iat", |_, claims| {
        claims["iat"] = (claims["iat"].as_u64().unwrap() - 600).into();
        claims["exp"] = (claims["exp"].as_u64().unwrap() + 10_000).into();
    })
    .await;
}

#[tokio::test]
async fn a_token_from_the_future_is_refused() {
    refused_if("iat", |_, claims| {
        claims["iat"] = (claims["iat"].as_u64().unwrap() + 600).into();
        claims["exp"] = (claims["iat"].as_u64().unwrap() + 720).into();
    })
    .await;
}

#[tokio::test]
async fn a_token_that_names_no_times_is_refused() {
    refused_if("iat", |_, claims| {
        claims.as_object_mut().unwrap().remove("iat");
    })
    .await;
    for name in ["iat", "exp", "nbf"] {
        for time in [json!("soon"), json!([]), json!({})] {
            refused_if(name, move |_, claims| claims[name] = time.clone()).await;
        }
    }
}

#[tokio::test]
async fn a_token_without_a_name_is_refused() {
    refused_if("jti", |_, claims| {
        claims.as_object_mut().unwrap().remove("jti");
    })
    .await;
}

#[tokio::test]
async fn a_replayed_token_ends_no_session_begun_after_it() {
    let shop = open().await;
    shop.provider
        .configure(|settings| settings.oidc.names_sessions = false);
    member(&shop).await;
    let token = token(&shop);
    assert_quiet(&send(&shop, &token).await, StatusCode::OK);
    shop.time.pass(Duration::from_secs(1));
    refused(&shop, &token, "jti").await;
}

#[tokio::test]
async fn an_id_token_is_no_logout_token() {
    let shop = open().await;
    member(&shop).await;
    // What an ID token has, under the same keys.
    shop.provider.forge_id_token(|header, claims| {
        header["typ"] = "JWT".into();
        claims.as_object_mut().unwrap().remove("events");
        claims["nonce"] = "n".into();
    });
    let token = token(&shop);
    shop.provider.heal_id_tokens();
    refused(&shop, &token, "events").await;
}

#[tokio::test]
async fn only_a_post_is_an_event() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    let path = format!("{PATH}?logout_token={}", token(&shop));
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::OPTIONS] {
        let page = call(&shop, method, &path, &[("content-type", FORM)], "").await;
        assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(page.headers()["allow"], "POST");
    }
    let page = post(&shop, &path, FORM, "").await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST, "in the query");
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let shop = open().await;
    let mut browser = member(&shop).await;
    let body = format!("logout_token={}", token(&shop));
    for kind in ["application/json", "text/plain", "", "multipart/form-data"] {
        let page = post(&shop, PATH, kind, body.clone()).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST, "{kind}");
    }
    assert!(is_in(&mut browser).await);
    let kind = "Application/X-WWW-Form-Urlencoded; charset=utf-8";
    assert_quiet(&post(&shop, PATH, kind, body).await, StatusCode::OK);
}

#[tokio::test]
async fn a_token_that_is_sent_twice_in_one_request_is_refused() {
    let shop = open().await;
    let (one, two) = (token(&shop), token(&shop));
    let body = format!("logout_token={one}&logout_token={two}");
    let page = post(&shop, PATH, FORM, body).await;
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_wrong_token_costs_no_request_to_the_provider() {
    let shop = open().await;
    shop.provider
        .forge_id_token(|_, claims| claims["aud"] = "another-app".into());
    let foreign = token(&shop);
    for token in ["", "a.b.c", "e30.e30.", &foreign] {
        let page = send(&shop, token).await;
        assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    }
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn a_flood_of_unknown_keys_costs_a_few_requests() {
    let shop = open().await;
    member(&shop).await;
    shop.provider.forget_requests();
    shop.provider
        .forge_id_token(|header, _| header["kid"] = "unheard-of".into());
    for _ in 0..50 {
        let page = send(&shop, &token(&shop)).await;
        assert!(text(&page).contains("signature"));
    }
    assert!(shop.provider.count(Endpoint::Keys) <= 4);
}
