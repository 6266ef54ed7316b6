//! The form of an ID token, which must be signed, not encrypted, and not too large.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use tower_phone_auth::error::LoginErrorKind::InvalidAnswer;
use tower_phone_auth_local_provider::{Endpoint, faults::Fault};

use super::{assert_signed_in, claiming, login, open, refusal, rejected};

#[tokio::test]
async fn an_id_token_with_a_large_picture_signs_in() {
    let shop = open(|_| {}).await;
    for kilobytes in [40, 64, 100] {
        let picture = "A".repeat(kilobytes * 1024 * 4 / 3);
        let picture = format!("data:image/jpeg;base64,{picture}");
        let page = claiming(&shop, "picture", Some(picture.into())).await;
        assert_signed_in(&page, &format!("{kilobytes} KB"));
    }
}

#[tokio::test]
async fn an_id_token_that_is_too_large_is_refused_as_such() {
    let shop = open(|_| {}).await;
    let picture = "A".repeat(300 * 1024);
    let page = claiming(&shop, "picture", Some(picture.into())).await;
    assert_eq!(refusal(&page), (502, InvalidAnswer, Some("too_large")));
}

#[tokio::test]
async fn an_encrypted_id_token_is_refused_by_name() {
    let shop = open(|_| {}).await;
    for header in [
        json!({ "alg": "RSA-OAEP", "enc": "A256GCM" }),
        json!({ "alg": "dir", "enc": "A128CBC-HS256", "cty": "JWT" }),
        json!({ "alg": "ECDH-ES+A128KW", "enc": "A256GCM", "kid": "x" }),
    ] {
        let header = URL_SAFE_NO_PAD.encode(header.to_string());
        let token = format!("{header}.AAAA.AAAA.AAAA.AAAA");
        let patch = Fault::Merge(json!({ "id_token": token }));
        let page = login(&shop, [(Endpoint::Token, patch)]).await;
        assert_eq!(refusal(&page), rejected("encrypted"));
    }
}
