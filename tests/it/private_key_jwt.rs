//! A client that authenticates with a private key (`private_key_jwt`).

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair,
    },
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use tower_phone_auth::{OAuthLayer, Oidc, SessionKey, error::LoginErrorKind};
use tower_phone_auth_local_provider::{
    ClientAuthentication, Endpoint, LocalProvider, OidcSettings, Par,
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

fn ed25519() -> (String, Value) {
    let pair = Ed25519KeyPair::generate().unwrap();
    let der = pair.to_pkcs8().unwrap();
    let x = URL_SAFE_NO_PAD.encode(pair.public_key());
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": "app"});
    (pem(der.as_ref()), jwk)
}

async fn shop(pem: String, jwk: Value) -> Shop {
    shop_with(pem, jwk, |_| {}, |oidc| oidc).await
}

async fn shop_with(
    pem: String,
    jwk: Value,
    settings: impl FnOnce(&mut OidcSettings),
    client: impl FnOnce(Oidc) -> Oidc,
) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| {
        settings.client_secret = None;
        settings.oidc.client_authentication = vec![ClientAuthentication::PrivateKeyJwt];
        settings.oidc.client_jwk = Some(jwk);
    });
    provider.configure(|all| settings(&mut all.oidc));
    let oidc = Oidc::without_secret(provider.oidc_issuer(), provider.client_id());
    let oidc = client(oidc.private_key_jwt("app", pem));
    Shop::at(provider, oidc, |builder| builder)
}

/// The audiences of the client assertions at this endpoint.
fn audiences(shop: &Shop, endpoint: Endpoint) -> Vec<Value> {
    let requests = shop.provider.requests();
    let at = requests.iter().filter(|one| one.endpoint == Some(endpoint));
    at.map(|request| {
        let form = form_urlencoded::parse(&request.body);
        let mut assertion = form.filter(|(name, _)| name == "client_assertion");
        let (_, token) = assertion.next().unwrap();
        let claims = token.split('.').nth(1).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
        serde_json::from_slice::<Value>(&claims).unwrap()["aud"].clone()
    })
    .collect()
}

#[tokio::test]
async fn the_audience_of_an_assertion_is_the_issuer_at_every_endpoint() {
    let (pem, jwk) = p256();
    let shop = shop_with(pem, jwk, |oidc| oidc.par = Par::Required, |oidc| oidc).await;
    shop.browser().sign_in("/", JIWOO).await;
    let issuer = shop.provider.oidc_issuer();
    for endpoint in [Endpoint::Pushed, Endpoint::Token] {
        assert_eq!(
            audiences(&shop, endpoint),
            [issuer.as_str()],
            "{endpoint:?}"
        );
    }
}

#[tokio::test]
async fn metadata_with_the_endpoint_of_another_server_get_an_assertion_for_their_own_issuer() {
    let (pem, jwk) = p256();
    let (evil, honest) = (jwk.clone(), LocalProvider::start().await.unwrap());
    let elsewhere = honest.origin();
    let point = |oidc: &mut OidcSettings| {
        oidc.par = Par::Required;
        oidc.endpoint_origin = Some(elsewhere);
    };
    let shop = shop_with(pem, evil, point, |oidc| oidc).await;
    honest.configure(|settings| {
        settings.oidc.par = Par::Required;
        settings.client_secret = None;
        settings.oidc.client_authentication = vec![ClientAuthentication::PrivateKeyJwt];
        settings.oidc.client_jwk = Some(jwk);
    });
    let page = shop.browser().visit("/").await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::Misconfigured));
    let sent = honest.requests();
    let form = form_urlencoded::parse(&sent[0].body);
    let (_, token) = { form }
        .find(|(name, _)| name == "client_assertion")
        .unwrap();
    let claims = URL_SAFE_NO_PAD
        .decode(token.split('.').nth(1).unwrap())
        .unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["aud"], shop.provider.oidc_issuer());
}

#[tokio::test]
async fn the_token_endpoint_as_the_audience_is_a_setting() {
    let (pem, jwk) = p256();
    let old = |oidc: &mut OidcSettings| {
        oidc.assertion_for_token_endpoint = true;
        oidc.par = Par::Required;
    };
    let shop = shop_with(pem.clone(), jwk.clone(), old, |oidc| oidc).await;
    let page = shop.browser().visit("/").await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::Misconfigured));

    let shop = shop_with(pem, jwk, old, Oidc::assertion_for_token_endpoint).await;
    let page = shop.browser().sign_in("/", JIWOO).await;
    assert_eq!(text(&page), "+821012345678");
    let endpoint = format!("{}/token", shop.provider.oidc_issuer());
    for part in [Endpoint::Pushed, Endpoint::Token] {
        assert_eq!(audiences(&shop, part), [endpoint.as_str()]);
    }
}

#[tokio::test]
async fn a_client_authenticates_with_a_p256_rsa_or_ed25519_key_at_both_endpoints() {
    for (pem, jwk) in [p256(), rsa(), ed25519()] {
        let par = |oidc: &mut OidcSettings| oidc.par = Par::Required;
        let shop = shop_with(pem, jwk, par, |oidc| oidc).await;
        let page = shop.browser().sign_in("/", JIWOO).await;
        assert_eq!(text(&page), "+821012345678");
    }
}

#[tokio::test]
async fn each_sign_in_has_its_own_assertion() {
    let (pem, jwk) = p256();
    let shop = shop(pem, jwk).await;
    for _ in 0..2 {
        shop.browser().sign_in("/", JIWOO).await;
    }
    assert_eq!(shop.provider.count(Endpoint::Token), 2);
}

#[tokio::test]
async fn an_unregistered_key_is_a_fault_for_the_operator() {
    let (pem, _) = p256();
    let (_, other) = p256();
    let shop = shop(pem, other).await;
    let page = shop.browser().come_back("/", JIWOO).await;
    assert_eq!(refusal(&page), Some(LoginErrorKind::Misconfigured));
}

#[test]
fn an_invalid_key_is_refused_at_build_and_not_shown() {
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
