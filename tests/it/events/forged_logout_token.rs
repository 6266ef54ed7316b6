//! Invalid logout tokens are refused and end nothing (Back-Channel Logout section 2.6).

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth_local_provider::faults::Signing;

use super::{
    assert_empty_answer, is_signed_in,
    logout_token::{open, send, token},
    sign_in,
};
use crate::support::{log::Log, shop::Shop};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Asserts that the user stays signed in, and that the answer names the wrong part.
async fn assert_refused(shop: &Shop, token: &str, part: &str) {
    let mut browser = sign_in(shop).await;
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
    assert!(is_signed_in(&mut browser).await, "{part}");
}

/// Asserts that a token is refused after `forge` changed its header or claims.
async fn assert_refused_after(
    part: &str,
    forge: impl Fn(&mut Value, &mut Value) + Send + Sync + 'static,
) {
    let shop = open().await;
    sign_in(&shop).await;
    shop.provider.forge_id_token(forge);
    let token = token(&shop);
    shop.provider.clear_id_token_faults();
    assert_refused(&shop, &token, part).await;
}

#[tokio::test]
async fn a_token_of_another_type_is_refused() {
    for kind in ["secevent+jwt", "application/at+jwt", "text/logout+jwt"] {
        assert_refused_after("typ", move |header, _| header["typ"] = kind.into()).await;
    }
}

#[tokio::test]
async fn an_unsigned_token_is_refused() {
    let shop = open().await;
    shop.provider.sign_id_tokens(Signing::None);
    let token = token(&shop);
    shop.provider.clear_id_token_faults();
    assert_refused(&shop, &token, "alg").await;
}

#[tokio::test]
async fn a_token_signed_with_the_public_key_as_a_secret_is_refused() {
    let shop = open().await;
    shop.provider.sign_id_tokens(Signing::HmacWithPublicKey);
    let token = token(&shop);
    shop.provider.clear_id_token_faults();
    assert_refused(&shop, &token, "alg").await;
}

#[tokio::test]
async fn a_bad_signature_is_refused() {
    for signing in [Signing::Corrupted, Signing::WrongKey] {
        let shop = open().await;
        shop.provider.sign_id_tokens(signing);
        let token = token(&shop);
        shop.provider.clear_id_token_faults();
        assert_refused(&shop, &token, "signature").await;
    }
}

#[tokio::test]
async fn another_issuer_is_refused() {
    assert_refused_after("iss", |_, claims| {
        claims["iss"] = "https://evil.example".into()
    })
    .await;
}

#[tokio::test]
async fn another_audience_is_refused() {
    assert_refused_after("aud", |_, claims| claims["aud"] = "another-app".into()).await;
    for others in [
        json!(["another-app", "account"]),
        json!([]),
        json!([["local-demo-app"]]),
    ] {
        assert_refused_after("aud", move |_, claims| claims["aud"] = others.clone()).await;
    }
    assert_refused_after("aud", |_, claims| {
        claims.as_object_mut().unwrap().remove("aud");
    })
    .await;
}

#[tokio::test]
async fn a_token_of_another_authorized_party_is_refused() {
    for audience in [
        json!("local-demo-app"),
        json!(["local-demo-app", "another-app"]),
    ] {
        assert_refused_after("azp", move |_, claims| {
            claims["aud"] = audience.clone();
            claims["azp"] = "another-app".into();
        })
        .await;
    }
}

#[tokio::test]
async fn a_token_without_the_logout_event_is_refused() {
    assert_refused_after("events", |_, claims| {
        claims.as_object_mut().unwrap().remove("events");
    })
    .await;
    assert_refused_after("events", |_, claims| claims["events"] = json!({})).await;
    assert_refused_after("events", |_, claims| claims["events"] = json!([EVENT])).await;
}

#[tokio::test]
async fn another_event_is_refused() {
    let other = format!("{}/sessions-revoked", super::RISC);
    assert_refused_after("events", move |_, claims| {
        claims["events"] = json!({ other.clone(): {} });
    })
    .await;
}

#[tokio::test]
async fn an_event_that_is_no_object_is_refused() {
    for event in [json!(null), json!(true), json!("{}"), json!([])] {
        assert_refused_after("events", move |_, claims| {
            claims["events"] = json!({ EVENT: event.clone() });
        })
        .await;
    }
}

#[tokio::test]
async fn a_token_with_a_nonce_is_refused() {
    for nonce in [json!("n"), json!(null)] {
        assert_refused_after("nonce", move |_, claims| claims["nonce"] = nonce.clone()).await;
    }
}

#[tokio::test]
async fn a_token_without_a_subject_and_a_session_is_refused() {
    assert_refused_after("sub", |_, claims| {
        claims.as_object_mut().unwrap().remove("sub");
        claims.as_object_mut().unwrap().remove("sid");
    })
    .await;
    assert_refused_after("sub", |_, claims| claims["sub"] = json!(7)).await;
}

#[tokio::test]
async fn an_old_token_is_refused() {
    assert_refused_after("exp", |_, claims| {
        let issued = claims["iat"].as_u64().unwrap();
        claims["iat"] = (issued - 200).into();
        claims["exp"] = (issued - 80).into();
    })
    .await;
    assert_refused_after("iat", |_, claims| {
        claims["iat"] = (claims["iat"].as_u64().unwrap() - 600).into();
        claims["exp"] = (claims["exp"].as_u64().unwrap() + 10_000).into();
    })
    .await;
}

#[tokio::test]
async fn a_token_from_the_future_is_refused() {
    assert_refused_after("iat", |_, claims| {
        claims["iat"] = (claims["iat"].as_u64().unwrap() + 600).into();
        claims["exp"] = (claims["iat"].as_u64().unwrap() + 720).into();
    })
    .await;
}

#[tokio::test]
async fn a_token_without_times_is_refused() {
    assert_refused_after("iat", |_, claims| {
        claims.as_object_mut().unwrap().remove("iat");
    })
    .await;
    for name in ["iat", "exp", "nbf"] {
        for time in [json!("soon"), json!([]), json!({})] {
            assert_refused_after(name, move |_, claims| claims[name] = time.clone()).await;
        }
    }
}

#[tokio::test]
async fn a_token_without_a_jti_is_refused() {
    assert_refused_after("jti", |_, claims| {
        claims.as_object_mut().unwrap().remove("jti");
    })
    .await;
}

#[tokio::test]
async fn a_replayed_token_ends_no_later_session() {
    let shop = open().await;
    shop.provider
        .configure(|settings| settings.oidc.names_sessions = false);
    sign_in(&shop).await;
    let token = token(&shop);
    assert_empty_answer(&send(&shop, &token).await, StatusCode::OK);
    shop.time.pass(Duration::from_secs(1));
    assert_refused(&shop, &token, "jti").await;
}

#[tokio::test]
async fn an_id_token_is_refused_as_a_logout_token() {
    let shop = open().await;
    sign_in(&shop).await;
    // The claims of an ID token, signed with the same keys.
    shop.provider.forge_id_token(|header, claims| {
        header["typ"] = "JWT".into();
        claims.as_object_mut().unwrap().remove("events");
        claims["nonce"] = "n".into();
    });
    let token = token(&shop);
    shop.provider.clear_id_token_faults();
    assert_refused(&shop, &token, "events").await;
}
