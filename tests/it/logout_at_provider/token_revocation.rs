//! Revocation of tokens that the application kept.

use std::sync::{Arc, Mutex};

use http::StatusCode;
use serde_json::json;
use tower_phone_auth::{
    Builder,
    error::LoginErrorKind::{Misconfigured, ProviderBusy, ProviderUnavailable},
    provider::{Provider, ProviderTokens},
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::JIWOO,
    outcome::{form_value, sent},
    shop::Shop,
};

pub(super) type Kept = Arc<Mutex<Option<ProviderTokens>>>;

pub(super) async fn open<P: Into<Provider>>(
    client: impl FnOnce(&LocalProvider) -> P,
) -> (Shop, Kept) {
    let kept = Kept::default();
    let provider = LocalProvider::start().await.unwrap();
    let client = client(&provider);
    let keep = Arc::clone(&kept);
    let hook = |builder: Builder| {
        builder.on_sign_in(move |sign_in| {
            *keep.lock().unwrap() = sign_in.tokens;
            async { Ok(()) }
        })
    };
    (Shop::at(provider, client, hook), kept)
}

pub(super) async fn token(shop: &Shop, kept: &Kept) -> String {
    shop.browser().sign_in("/", JIWOO).await;
    shop.provider.forget_requests();
    let kept = kept.lock().unwrap();
    kept.as_ref().unwrap().access_token().to_owned()
}

#[tokio::test]
async fn at_an_openid_provider_the_token_is_revoked_by_rfc_7009() {
    let (shop, kept) = open(LocalProvider::oidc).await;
    let token = token(&shop, &kept).await;
    shop.layer
        .provider("oidc")
        .unwrap()
        .revoke_token(&token)
        .await
        .unwrap();
    let request = sent(&shop, Endpoint::Revocation);
    assert_eq!(request.path, "/oidc/revoke");
    assert_eq!(form_value(&request, "token"), Some(token.clone()));
    assert!(request.headers.contains_key("authorization"));
    // A second revocation is no error (section 2.2).
    shop.layer
        .provider("oidc")
        .unwrap()
        .revoke_token(&token)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_openid_provider_without_a_revocation_endpoint_is_a_misconfiguration() {
    let (shop, kept) = open(LocalProvider::oidc).await;
    let patch = Fault::Merge(json!({ "revocation_endpoint": null }));
    shop.provider.fail_next(Endpoint::Discovery, patch);
    let token = token(&shop, &kept).await;
    let error = shop
        .layer
        .provider("oidc")
        .unwrap()
        .revoke_token(&token)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Misconfigured);
    assert_eq!(error.code(), Some("revocation_endpoint"));
}

#[tokio::test]
async fn a_failed_revocation_is_an_error() {
    // The method is set, because otherwise the other method would follow invalid_client.
    let (shop, kept) = open(|provider| provider.oidc().client_secret_basic()).await;
    let token = token(&shop, &kept).await;
    let busy = Fault::json(
        StatusCode::SERVICE_UNAVAILABLE,
        &json!({ "error": "temporarily_unavailable" }),
    );
    let refused = Fault::json(
        StatusCode::UNAUTHORIZED,
        &json!({ "error": "invalid_client" }),
    );
    for (fault, kind) in [
        (busy, ProviderBusy),
        (refused, Misconfigured),
        (Fault::Cut, ProviderUnavailable),
    ] {
        shop.provider.fail_next(Endpoint::Revocation, fault);
        let error = shop
            .layer
            .provider("oidc")
            .unwrap()
            .revoke_token(&token)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(!format!("{error} {error:?}").contains(&token));
    }
}

#[tokio::test]
async fn quirk_80_at_google_200_and_400_invalid_token_are_both_success() {
    let (shop, kept) = open(LocalProvider::google).await;
    let token = token(&shop, &kept).await;
    shop.layer
        .provider("google")
        .unwrap()
        .revoke_token(&token)
        .await
        .unwrap();
    let request = sent(&shop, Endpoint::Revocation);
    assert_eq!(request.form(), [("token".to_owned(), token.clone())]);
    shop.layer
        .provider("google")
        .unwrap()
        .revoke_token(&token)
        .await
        .unwrap();
    assert_eq!(shop.provider.count(Endpoint::Revocation), 2);
}

#[tokio::test]
async fn quirk_80_at_kakao_an_ended_token_counts_as_revoked() {
    let (shop, kept) = open(LocalProvider::kakao).await;
    let token = token(&shop, &kept).await;
    shop.layer
        .provider("kakao")
        .unwrap()
        .revoke_token(&token)
        .await
        .unwrap();
    let request = sent(&shop, Endpoint::Revocation);
    assert_eq!(request.path, "/v1/user/logout");
    // Kakao answers 401 with -401.
    shop.layer
        .provider("kakao")
        .unwrap()
        .revoke_token(&token)
        .await
        .unwrap();
    assert_eq!(shop.provider.count(Endpoint::Revocation), 2);
    let quota = Fault::json(
        StatusCode::BAD_REQUEST,
        &json!({ "msg": "quota", "code": -10 }),
    );
    shop.provider.fail_next(Endpoint::Revocation, quota);
    let error = shop
        .layer
        .provider("kakao")
        .unwrap()
        .revoke_token(&token)
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("-10"));
}

#[tokio::test]
async fn naver_revokes_no_token_without_an_unlink() {
    let (shop, kept) = open(LocalProvider::naver).await;
    let token = token(&shop, &kept).await;
    let error = shop
        .layer
        .provider("naver")
        .unwrap()
        .revoke_token(&token)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Misconfigured);
    assert!(shop.provider.requests().is_empty());
}

#[tokio::test]
async fn a_name_that_the_layer_does_not_know_has_no_provider() {
    let (shop, _) = open(LocalProvider::kakao).await;
    for unknown in ["google", "Kakao", "", "kakao "] {
        assert!(shop.layer.provider(unknown).is_none(), "{unknown:?}");
    }
    let kakao = shop.layer.provider("kakao").unwrap();
    assert_eq!(kakao.name(), "kakao");
    assert_eq!(format!("{kakao:?}"), r#"ProviderHandle("kakao")"#);
}
