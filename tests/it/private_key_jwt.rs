//! A client that proves itself with a key of its own.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RsaKeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use tower_phone_auth::{
    LoginErrorKind, OAuthLayer, Oidc, SessionKey,
    local_provider::{ClientAuthentication, Endpoint, LocalProvider},
};

use crate::support::{
    browser::{JIWOO, refusal, text},
    shop::Shop,
};

fn pem(der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n")
}

fn p256() -> (String, Value) {
    let random = SystemRandom::new();
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref()).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y), "kid": "app"});
    (pem(der.as_ref()), jwk)
}

fn rsa() -> (String, Value) {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    let public = pair.public_key();
    let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
    let (n, e) = (public.modulus(), public.exponent());
    let n = encode(n.big_endian_without_leading_zero());
    let e = encode(e.big_endian_without_leading_zero());
    (
        pem(der.as_ref()),
        json!({"kty": "RSA", "n": n, "e": e, "kid": "app"}),
    )
}

async fn shop(pem: String, jwk: Value) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| {
        settings.client_secret = None;
        settings.oidc.client_authentication = vec![ClientAuthentication::PrivateKeyJwt];
        settings.oidc.client_jwk = Some(jwk);
    });
    let client = Oidc::without_secret(provider.oidc_issuer(), provider.client_id());
    Shop::at(provider, client.private_key_jwt("app", pem), |builder| {
        builder
    })
}

#[tokio::test]
async fn a_client_proves_itself_with_a_p256_or_rsa_key() {
    for (pem, jwk) in [p256(), rsa()] {
        let shop = shop(pem, jwk).await;
        let page = shop.browser().sign_in("/", JIWOO).await;
        assert_eq!(text(&page), "+821012345678");
    }
}

#[tokio::test]
async fn each_login_has_an_assertion_of_its_own() {
    let (pem, jwk) = p256();
    let shop = shop(pem, jwk).await;
    for _ in 0..2 {
        shop.browser().sign_in("/", JIWOO).await;
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 2);
}

#[tokio::test]
async fn a_key_that_is_not_registered_is_the_operators_to_mend() {
    let (pem, _) = p256();
    let (_, other) = p256();
    let shop = shop(pem, other).await;
    let page = shop.browser().come_back("/", JIWOO).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::Misconfigured));
}

#[test]
fn what_is_no_key_is_refused_at_build_and_not_repeated() {
    let oidc =
        Oidc::without_secret("https://id.example.com", "id").private_key_jwt("app", "s3cret");
    let error =
        OAuthLayer::new(oidc, "https://shop.example.com", SessionKey::random()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "private_key_jwt: is no RSA, P-256 or Ed25519 key in PKCS #8 PEM; convert it: openssl \
         pkcs8 -topk8 -nocrypt -in key.pem"
    );
}
