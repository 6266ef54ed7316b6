//! The metadata describe the server and not this client. If the first method of client
//! authentication is refused, the other one is tried once.

use std::time::Duration;

use http::{StatusCode, header::AUTHORIZATION};
use serde_json::{Value, json};
use tower_phone_auth::{
    Oidc,
    error::LoginErrorKind::{self, CodeRejected, Misconfigured, ProviderBusy, ProviderUnavailable},
};
use tower_phone_auth_local_provider::{
    ClientAuthentication::{SecretBasic, SecretPost},
    Endpoint, LocalProvider, OidcSettings, Par,
    faults::Fault,
};

use super::{assert_signed_in, login, open_with, refusal};
use crate::support::{browser::Page, log::Log, shop::Shop};

const METHODS: &str = "token_endpoint_auth_methods_supported";

/// A client that is registered for the body alone, at a provider that announces these methods.
async fn post_only(announced: Value, client: impl FnOnce(Oidc) -> Oidc) -> Shop {
    let change = |oidc: &mut OidcSettings| oidc.client_authentication = vec![SecretPost];
    let shop = open_with(change, client, |builder| builder).await;
    let patch = json!({ METHODS: announced });
    shop.provider.fail(Endpoint::Discovery, Fault::Merge(patch));
    shop
}

/// Whether each request to this endpoint had the secret in its header.
fn headers(shop: &Shop, endpoint: Endpoint) -> Vec<bool> {
    let requests = shop.provider.requests();
    let at = requests.iter().filter(|one| one.endpoint == Some(endpoint));
    at.map(|one| one.headers.contains_key(AUTHORIZATION))
        .collect()
}

#[tokio::test]
async fn after_a_refusal_of_the_client_the_other_method_is_tried_once_and_kept() {
    for announced in [
        json!(["client_secret_basic", "client_secret_post"]),
        json!([
            "client_secret_post",
            "client_secret_basic",
            "private_key_jwt",
            "none"
        ]),
        json!(null),
    ] {
        let shop = post_only(announced, |oidc| oidc).await;
        let log = Log::capture();
        assert_signed_in(&login(&shop, []).await, "the other method");
        assert_eq!(headers(&shop, Endpoint::Token), [true, false]);
        assert_signed_in(&login(&shop, []).await, "kept");
        assert_eq!(headers(&shop, Endpoint::Token), [true, false, false]);
        let text = log.text();
        let lines = text
            .lines()
            .filter(|line| line.contains("client_secret_post"));
        assert_eq!(lines.count(), 1, "{text}");
    }
}

#[tokio::test]
async fn the_method_is_kept_when_the_metadata_are_read_again() {
    let shop = post_only(json!(null), |oidc| oidc).await;
    assert_signed_in(&login(&shop, []).await, "found");
    let day = Duration::from_secs(25 * 60 * 60);
    shop.time.pass(day);
    shop.browser().visit("/").await;
    shop.time.set_back(day);
    assert_signed_in(&login(&shop, []).await, "kept");
    assert_eq!(shop.provider.count(Endpoint::Discovery), 2);
    assert_eq!(headers(&shop, Endpoint::Token), [true, false, false]);
}

#[tokio::test]
async fn a_method_that_is_set_or_announced_alone_has_no_alternative() {
    let both = json!(["client_secret_basic", "client_secret_post"]);
    let set = post_only(both, Oidc::client_secret_basic).await;
    let announced = post_only(json!(["client_secret_basic"]), |oidc| oidc).await;
    for shop in [set, announced] {
        let page = login(&shop, []).await;
        let because = (502, Misconfigured, Some("invalid_client"));
        assert_eq!(refusal(&page), because);
        assert_eq!(headers(&shop, Endpoint::Token), [true]);
    }
}

async fn answered(error: Value, status: u16) -> (Shop, Page) {
    let shop = open_with(|_| {}, |oidc| oidc, |builder| builder).await;
    let fault = Fault::json(StatusCode::from_u16(status).unwrap(), &error);
    let page = login(&shop, [(Endpoint::Token, fault)]).await;
    (shop, page)
}

#[tokio::test]
async fn a_request_that_lacks_the_client_is_refused_because_of_the_client() {
    for (status, error, description) in [
        (
            400,
            "invalid_request",
            "missing the required parameter: client_id",
        ),
        (400, "invalid_request", "Client credentials are missing."),
        (400, "invalid_client", "no such method"),
        (401, "invalid_client", ""),
    ] {
        let error = json!({ "error": error, "error_description": description });
        let (shop, page) = answered(error, status).await;
        assert_signed_in(&page, description);
        assert_eq!(headers(&shop, Endpoint::Token), [true, false]);
    }
}

#[tokio::test]
async fn no_other_error_leads_to_the_other_method() {
    let none = (502, Misconfigured, Some("invalid_request"));
    let busy = (503, ProviderBusy, None);
    for (status, error, description, expected) in [
        (
            400,
            "invalid_grant",
            "issued to another client_id",
            (400, CodeRejected, None),
        ),
        (400, "invalid_request", "", none),
        (400, "invalid_request", "the code is malformed", none),
        (
            400,
            "invalid_request",
            "code_verifier of client shop is wrong",
            none,
        ),
        (
            400,
            "invalid_request",
            "redirect_uri is not one of the client",
            none,
        ),
        (
            400,
            "invalid_request",
            "Client Certification missing for MTLS HoK Token Binding",
            none,
        ),
        (
            400,
            "invalid_request",
            "The client must send a DPoP proof",
            none,
        ),
        (400, "invalid_request", "client_assertion is missing", none),
        (422, "invalid_request", "missing parameter: client_id", none),
        (
            400,
            "unauthorized_client",
            "",
            (502, Misconfigured, Some("unauthorized_client")),
        ),
        (500, "server_error", "client", busy),
        (503, "temporarily_unavailable", "client", busy),
    ] {
        let error = json!({ "error": error, "error_description": description });
        let (shop, page) = answered(error, status).await;
        assert_eq!(refusal(&page), expected, "{description}");
        assert_eq!(shop.provider.count(Endpoint::Token), 1, "{description}");
    }
    for (fault, kind) in [
        (Fault::Close, ProviderUnavailable),
        (Fault::Cut, ProviderUnavailable),
    ] {
        let shop = open_with(|_| {}, |oidc| oidc, |builder| builder).await;
        let page = login(&shop, [(Endpoint::Token, fault)]).await;
        let found: LoginErrorKind = refusal(&page).1;
        assert_eq!(found, kind);
        assert_eq!(shop.provider.count(Endpoint::Token), 1);
    }
}

#[tokio::test]
async fn a_wrong_secret_costs_two_calls_and_reports_the_first_error() {
    let provider = LocalProvider::start().await.unwrap();
    let wrong = Oidc::new(provider.oidc_issuer(), provider.client_id(), "lpsecret-no");
    let shop = Shop::at(provider, wrong, |builder| builder);
    let log = Log::capture();
    for calls in [2, 4] {
        let page = login(&shop, []).await;
        let because = (502, Misconfigured, Some("invalid_client"));
        assert_eq!(refusal(&page), because);
        assert_eq!(shop.provider.count(Endpoint::Token), calls);
    }
    assert_eq!(headers(&shop, Endpoint::Token), [true, false, true, false]);
    assert!(!log.text().contains("lpsecret-no"));
    assert!(!log.text().contains("accepted the other one"));
}

#[tokio::test]
async fn pushed_requests_find_the_method_and_revocations_use_it() {
    let change = |oidc: &mut OidcSettings| {
        oidc.client_authentication = vec![SecretPost];
        oidc.par = Par::Required;
    };
    let shop = open_with(change, |oidc| oidc, |builder| builder).await;
    let patch = json!({ METHODS: null });
    shop.provider.fail(Endpoint::Discovery, Fault::Merge(patch));
    assert_signed_in(&login(&shop, []).await, "pushed");
    assert_eq!(headers(&shop, Endpoint::Pushed), [true, false]);
    assert_eq!(headers(&shop, Endpoint::Token), [false]);
    shop.provider.forget_requests();
    shop.layer
        .provider("oidc")
        .unwrap()
        .revoke_token("a-token")
        .await
        .unwrap();
    let requests = shop.provider.requests();
    assert_eq!(requests.len(), 1);
    assert!(!requests[0].headers.contains_key(AUTHORIZATION));
}

#[tokio::test]
async fn a_client_that_is_registered_again_finds_its_new_method() {
    let shop = post_only(json!(null), |oidc| oidc).await;
    assert_signed_in(&login(&shop, []).await, "in the body");
    shop.provider
        .configure(|settings| settings.oidc.client_authentication = vec![SecretBasic]);
    assert_signed_in(&login(&shop, []).await, "in the header");
    assert_signed_in(&login(&shop, []).await, "kept");
    let expected = [true, false, false, true, true];
    assert_eq!(headers(&shop, Endpoint::Token), expected);
}

#[tokio::test]
async fn a_second_refusal_of_the_client_for_another_reason_reports_the_first_one() {
    let shop = open_with(|_| {}, |oidc| oidc, |builder| builder).await;
    let refusals = [
        (StatusCode::UNAUTHORIZED, "invalid_client", ""),
        (StatusCode::BAD_REQUEST, "invalid_request", "client_id?"),
    ];
    let faults = refusals.map(|(status, error, description)| {
        let error = json!({ "error": error, "error_description": description });
        (Endpoint::Token, Fault::json(status, &error))
    });
    let because = (502, Misconfigured, Some("invalid_client"));
    assert_eq!(refusal(&login(&shop, faults).await), because);
    assert_eq!(headers(&shop, Endpoint::Token), [true, false]);
}

#[tokio::test]
async fn a_pushed_request_with_a_wrong_secret_remembers_no_method() {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.oidc.par = Par::Required);
    let wrong = Oidc::new(provider.oidc_issuer(), provider.client_id(), "lpsecret-no");
    let shop = Shop::at(provider, wrong, |builder| builder);
    for _ in 0..2 {
        let page = shop.browser().visit("/").await;
        assert_eq!(page.status(), 502);
    }
    let expected = [true, false, true, false];
    assert_eq!(headers(&shop, Endpoint::Pushed), expected);
}
