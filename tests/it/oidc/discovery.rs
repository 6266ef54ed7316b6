//! When the provider's metadata are fetched, and failures of the fetch.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use tokio::task::JoinSet;
use tower_phone_auth::{
    Oidc,
    error::LoginErrorKind::{
        self, InvalidAnswer, Misconfigured, ProviderBusy, ProviderTimeout, ProviderUnavailable,
        RateLimited,
    },
    layer::WarmUpError,
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};

use super::{assert_not_repeated, assert_signed_in, login, open, open_with, refusal};
use crate::support::{
    browser::{location, parameter},
    shop::Shop,
};

/// Visits a protected page while discovery has this fault; the refusal.
pub(super) async fn refused(shop: &Shop, fault: Fault) -> (u16, LoginErrorKind, Option<String>) {
    shop.provider.fail_next(Endpoint::Discovery, fault);
    let mut browser = shop.browser();
    let page = browser.visit("/").await;
    assert!(browser.cookies.is_empty());
    let (status, kind, code) = refusal(&page);
    (status, kind, code.map(str::to_owned))
}

fn answer(status: u16, body: &str) -> Fault {
    Fault::Answer {
        status: StatusCode::from_u16(status).unwrap(),
        content_type: Some("application/json".to_owned()),
        body: body.into(),
        headers: HeaderMap::new(),
    }
}

#[tokio::test]
async fn no_metadata_are_fetched_before_the_first_sign_in() {
    let shop = open(|_| {}).await;
    shop.browser().visit("/healthz").await;
    shop.browser().visit("/maybe").await;
    assert!(shop.provider.requests().is_empty());
    shop.browser().visit("/").await;
    assert_eq!(shop.provider.count(Endpoint::Discovery), 1);
    assert_eq!(shop.provider.count(Endpoint::Keys), 0);
}

#[tokio::test]
async fn twenty_simultaneous_sign_ins_fetch_the_metadata_once() {
    let shop = open(|_| {}).await;
    let mut logins = JoinSet::new();
    for _ in 0..20 {
        let mut browser = shop.browser();
        logins.spawn(async move { browser.visit("/").await });
    }
    for page in logins.join_all().await {
        assert!(location(&page).starts_with(&shop.provider.oidc_issuer()));
    }
    assert_eq!(shop.provider.count(Endpoint::Discovery), 1);
}

#[tokio::test]
async fn twenty_simultaneous_sign_ins_share_one_failure() {
    let shop = open(|_| {}).await;
    shop.provider.fail(Endpoint::Discovery, answer(503, "{}"));
    let mut logins = JoinSet::new();
    for _ in 0..20 {
        let mut browser = shop.browser();
        logins.spawn(async move { browser.visit("/").await });
    }
    for page in logins.join_all().await {
        assert_eq!(refusal(&page), (503, ProviderBusy, None));
    }
    assert_eq!(shop.provider.count(Endpoint::Discovery), 1);
}

#[tokio::test]
async fn a_failed_fetch_is_not_cached() {
    let shop = open(|_| {}).await;
    shop.provider.fail(Endpoint::Discovery, Fault::Cut);
    for _ in 0..4 {
        let page = shop.browser().visit("/").await;
        assert_eq!(refusal(&page), (502, ProviderUnavailable, None));
    }
    shop.provider.clear_faults(Endpoint::Discovery);
    assert_signed_in(&login(&shop, []).await, "up again");
}

#[tokio::test]
async fn a_provider_that_is_down_at_start_is_found_later() {
    let gone = LocalProvider::start().await.unwrap();
    let (issuer, address) = (gone.oidc_issuer(), gone.origin());
    let oidc = Oidc::new(issuer, gone.client_id(), gone.client_secret().unwrap());
    drop(gone);
    let provider = LocalProvider::start().await.unwrap();
    let shop = Shop::at(provider, oidc, |builder| builder);
    assert_eq!(shop.browser().visit("/healthz").await.status(), 200);
    let page = shop.browser().visit("/").await;
    assert_eq!(refusal(&page), (502, ProviderUnavailable, None));
    assert_not_repeated(&page, &address);
}

#[tokio::test]
async fn warming_up_fetches_the_metadata_before_the_first_sign_in() {
    let shop = open(|_| {}).await;
    shop.provider.fail_next(Endpoint::Discovery, Fault::Cut);
    let error = shop.layer.warm_up().await.unwrap_err();
    assert_eq!(error.to_string(), "the provider \"oidc\" is not ready");
    let WarmUpError::Provider { error, .. } = error else {
        panic!("the error is not one of the provider");
    };
    assert_eq!(error.kind(), ProviderUnavailable);
    shop.layer.warm_up().await.unwrap();
    shop.provider.forget_requests();
    assert_signed_in(&login(&shop, []).await, "warm");
    assert_eq!(shop.provider.count(Endpoint::Discovery), 0);
}

#[tokio::test]
async fn metadata_at_another_address_are_a_misconfiguration_and_an_outage_is_not() {
    let shop = open(|_| {}).await;
    for (status, body, kind) in [
        (200, "", Misconfigured),
        (200, "<!doctype html>", Misconfigured),
        (200, "[]", Misconfigured),
        (200, "{", Misconfigured),
        (400, "{}", Misconfigured),
        (401, "{}", Misconfigured),
        (403, "<!doctype html>", Misconfigured),
        (404, "<!doctype html>", Misconfigured),
        (404, "{}", Misconfigured),
        (408, "{}", ProviderBusy),
        (425, "<!doctype html>", ProviderBusy),
        (429, "{}", RateLimited),
        (500, "{}", ProviderUnavailable),
        (503, "{}", ProviderBusy),
    ] {
        let (_, found, _) = refused(&shop, answer(status, body)).await;
        assert_eq!(found, kind, "{status} {body}");
    }
    let (status, kind, _) = refused(&shop, Fault::Redirect("/elsewhere".to_owned())).await;
    assert_eq!((status, kind), (502, Misconfigured));
    let (status, kind, _) = refused(&shop, Fault::Huge(2 << 20)).await;
    assert_eq!((status, kind), (502, InvalidAnswer));
}

#[tokio::test]
async fn a_provider_that_hangs_is_a_timeout() {
    let limit = Duration::from_millis(200);
    let shop = open_with(
        |_| {},
        |oidc| oidc,
        |builder| builder.provider_timeout(limit),
    )
    .await;
    for fault in [Fault::Hang, Fault::Drip] {
        let (status, kind, _) = refused(&shop, fault).await;
        assert_eq!((status, kind), (504, ProviderTimeout));
    }
}

#[tokio::test]
async fn metadata_are_fetched_again_each_day_and_the_old_ones_are_used_meanwhile() {
    let shop = open_with(|_| {}, |oidc| oidc.scopes(["openid"]), |builder| builder).await;
    let day = Duration::from_secs(24 * 60 * 60);
    let scope = |page: &_| parameter(page, "claims").is_some();
    assert!(!scope(&shop.browser().visit("/").await));
    shop.provider
        .configure(|settings| settings.oidc.claims_parameter = true);
    shop.time.pass(day - Duration::from_secs(1));
    assert!(!scope(&shop.browser().visit("/").await));

    shop.time.pass(Duration::from_secs(1));
    shop.provider
        .fail_next(Endpoint::Discovery, answer(503, "{}"));
    for _ in 0..5 {
        assert!(!scope(&shop.browser().visit("/").await), "the old document");
    }
    assert_eq!(shop.provider.count(Endpoint::Discovery), 2);
    shop.time.pass(Duration::from_secs(60));
    assert!(scope(&shop.browser().visit("/").await), "the new document");
    assert_eq!(shop.provider.count(Endpoint::Discovery), 3);
}
