//! Logout tokens of servers that send no `exp`.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    assert_empty_answer, is_signed_in,
    logout_token::{open, send, token},
    sign_in,
};

#[tokio::test]
async fn a_logout_token_without_exp_ends_the_session() {
    for remove in [&["exp"][..], &["exp", "sub"], &["exp", "sid"]] {
        let shop = open().await;
        let mut browser = sign_in(&shop).await;
        shop.provider.forge_id_token(move |_, claims| {
            for name in remove {
                claims.as_object_mut().unwrap().remove(*name);
            }
        });
        assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
        assert!(!is_signed_in(&mut browser).await, "{remove:?}");
    }
}

#[tokio::test]
async fn a_time_that_is_null_counts_as_missing() {
    for (name, status) in [("exp", 200), ("nbf", 200), ("iat", 400)] {
        let shop = open().await;
        sign_in(&shop).await;
        shop.provider
            .forge_id_token(move |_, claims| claims[name] = json!(null));
        let page = send(&shop, &token(&shop)).await;
        assert_eq!(page.status(), status, "{name}");
    }
}

/// Ory Hydra v2.3: `{iss, aud: [..], iat, jti, sid, events}` under `typ` JWT.
#[tokio::test]
async fn the_logout_token_of_hydra_ends_the_session() {
    let shop = open().await;
    let mut browser = sign_in(&shop).await;
    shop.provider.forge_id_token(|header, claims| {
        header["typ"] = "JWT".into();
        let audience = claims["aud"].take();
        *claims = json!({
            "iss": claims["iss"],
            "aud": [audience],
            "iat": claims["iat"],
            "jti": claims["jti"],
            "sid": claims["sid"],
            "events": claims["events"],
        });
    });
    assert_empty_answer(&send(&shop, &token(&shop)).await, StatusCode::OK);
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn without_exp_a_logout_token_is_valid_for_five_minutes() {
    for (age, status) in [(0, 200), (200, 200), (299, 200), (400, 400), (3600, 400)] {
        let shop = open().await;
        sign_in(&shop).await;
        shop.provider.forge_id_token(move |_, claims: &mut Value| {
            claims.as_object_mut().unwrap().remove("exp");
            claims["iat"] = (claims["iat"].as_u64().unwrap() - age).into();
        });
        let page = send(&shop, &token(&shop)).await;
        assert_eq!(page.status(), status, "{age}");
    }
}

#[tokio::test]
async fn with_exp_a_logout_token_is_valid_until_then_and_no_longer_than_five_minutes() {
    for (age, left, status) in [
        (30, 10, 200),
        (200, -70, 400),
        (100, 1_000_000, 200),
        (400, 1_000_000, 400),
    ] {
        let shop = open().await;
        sign_in(&shop).await;
        shop.provider.forge_id_token(move |_, claims: &mut Value| {
            let now = claims["iat"].as_i64().unwrap();
            claims["iat"] = (now - age).into();
            claims["exp"] = (now + left).into();
        });
        let page = send(&shop, &token(&shop)).await;
        assert_eq!(page.status(), status, "{age} {left}");
    }
}
