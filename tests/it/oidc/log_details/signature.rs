//! Log lines about algorithms, forms and keys of ID tokens.

use serde_json::json;
use tower_phone_auth_local_provider::{
    Endpoint, OidcSettings,
    faults::{Fault, Signing},
};

use super::{
    super::{forged, keys::published, login, ok, open, set},
    assert_differs, refused,
};
use crate::support::events::{Events, Line};

async fn signed(change: impl FnOnce(&mut OidcSettings), signing: Option<Signing>) -> Line {
    let shop = open(change).await;
    let events = Events::capture();
    if let Some(signing) = signing {
        shop.provider.sign_id_tokens(signing);
    }
    login(&shop, []).await;
    refused(&events, &shop)
}

#[tokio::test]
async fn the_refused_algorithm_and_the_accepted_ones_are_named() {
    let none = signed(|_| {}, Some(Signing::None)).await;
    assert_differs(&none, "alg", "RS256", "none");
    let hmac = signed(|_| {}, Some(Signing::HmacWithPublicKey)).await;
    assert_differs(&hmac, "alg", "RS256", "HS256");
    for (name, found) in [
        ("ES256K", "ES256K"),
        ("RS1", "RS1"),
        ("XYZ-9", "unknown"),
        ("a b\nc", "unknown"),
        ("", "unknown"),
        ("PS512", "PS512"),
    ] {
        let shop = open(|_| {}).await;
        let announced = json!({ "id_token_signing_alg_values_supported": ["RS256", "ES256"] });
        shop.provider
            .fail(Endpoint::Discovery, Fault::Merge(announced));
        let events = Events::capture();
        forged(&shop, move |header, _| header["alg"] = name.into()).await;
        let line = refused(&events, &shop);
        assert_differs(&line, "alg", "RS256, ES256", found);
    }
}

#[tokio::test]
async fn a_token_that_is_not_signed_is_named_by_its_form() {
    let shop = open(|_| {}).await;
    for (token, code, found) in [
        (
            "eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d",
            "encrypted",
            "encrypted token of five parts",
        ),
        ("opaque", "form", "1 parts"),
        ("a.b", "form", "2 parts"),
        ("!.b.c", "form", "another"),
    ] {
        let events = Events::capture();
        let patch = Fault::Merge(json!({ "id_token": token }));
        login(&shop, [(Endpoint::Token, patch)]).await;
        assert_differs(&refused(&events, &shop), code, "", found);
    }
    let events = Events::capture();
    login(
        &shop,
        [(Endpoint::Token, Fault::Merge(json!({ "id_token": null })))],
    )
    .await;
    assert_differs(&refused(&events, &shop), "missing", "id_token", "missing");
}

#[tokio::test]
async fn a_key_that_is_missing_or_does_not_fit_is_named() {
    for (kid, algorithm, found) in [
        (Some("gone"), "RS256", "kid gone"),
        (None, "RS256", "no kid"),
        (Some("\u{1b}[2Jx"), "RS256", "\\u{1b}[2Jx"),
    ] {
        let shop = open(|oidc| oidc.strange_keys = false).await;
        let events = Events::capture();
        shop.provider.sign_id_tokens(Signing::WrongKey);
        forged(&shop, move |header, _| {
            header["alg"] = algorithm.into();
            set(header, "kid", kid.map(Into::into));
        })
        .await;
        let line = refused(&events, &shop);
        assert_differs(&line, "signature", "", found);
    }
    // The key set has the key, which is of another type.
    let shop = open(|oidc| oidc.strange_keys = false).await;
    let announced = json!({ "id_token_signing_alg_values_supported": ["RS256", "ES256"] });
    shop.provider
        .fail(Endpoint::Discovery, Fault::Merge(announced));
    let events = Events::capture();
    forged(&shop, |header, _| header["alg"] = "ES256".into()).await;
    let line = refused(&events, &shop);
    assert_differs(&line, "signature", "ES256", "is of R");
    // The key set has the key, which may not be used for signatures.
    let shop = open(|oidc| oidc.strange_keys = false).await;
    let mut keys = published(&shop).await;
    let mut other = keys[0].clone();
    other["kid"] = "other".into();
    keys[0]["use"] = "enc".into();
    keys.push(other);
    shop.provider
        .fail(Endpoint::Keys, ok(&json!({ "keys": keys })));
    let events = Events::capture();
    shop.provider.sign_id_tokens(Signing::WrongKey);
    login(&shop, []).await;
    assert_differs(
        &refused(&events, &shop),
        "signature",
        "RS256",
        "not accepted",
    );
    // The key set has no usable key.
    keys.pop();
    let shop = open(|_| {}).await;
    shop.provider
        .fail(Endpoint::Keys, ok(&json!({ "keys": keys })));
    let events = Events::capture();
    login(&shop, []).await;
    assert_differs(&refused(&events, &shop), "no_keys", "a key", "1 keys");
}
