//! The log at start names the requests to each provider, and the settings that cannot work.

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth::{OAuthLayer, Oidc, layer::WarmUpError};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};
use tracing::Level;

use crate::support::clients::Clients as _;
use crate::support::{
    events::{Events, Line},
    shop::Shop,
};

async fn open(change: impl FnOnce(Oidc) -> Oidc, patch: Option<Value>) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    let oidc = change(Oidc::new(provider.oidc_issuer(), id, secret));
    let shop = Shop::at(provider, oidc, |builder| builder);
    if let Some(patch) = patch {
        shop.provider.fail(Endpoint::Discovery, Fault::Merge(patch));
    }
    shop
}

async fn settings(shop: &Shop) -> Vec<Line> {
    let events = Events::capture();
    for _ in 0..2 {
        shop.layer.warm_up().await.unwrap();
        shop.browser().visit("/").await;
    }
    events.audit("provider_setting")
}

#[tokio::test]
async fn a_start_has_one_line_for_each_provider() {
    let provider = LocalProvider::start().await.unwrap();
    let layer = OAuthLayer::builder()
        .public_url("http://127.0.0.1:3000")
        .session_key(tower_phone_auth::SessionKey::random())
        .provider(provider.oidc().named("staff").scope("email"))
        .provider(provider.kakao())
        .provider(provider.google())
        .build()
        .unwrap();
    let events = Events::capture();
    layer.warm_up().await.unwrap();
    let lines = events.audit("provider_ready");
    let names: Vec<&str> = lines.iter().map(|line| line.field("provider")).collect();
    assert_eq!(names, ["staff", "kakao", "google"]);
    assert!(lines.iter().all(|line| line.level == Level::INFO));
    let staff = &lines[0];
    assert_eq!(staff.field("issuer"), provider.oidc_issuer());
    assert_eq!(staff.field("scopes"), "openid email phone");
    assert!(staff.field("claims").starts_with("phone_number"));
    assert!(staff.field("algorithms").contains("RS256"));
    assert!(staff.field("client_auth").starts_with("client_secret_"));
    assert_eq!(staff.field("pkce"), "true");
    assert_eq!(staff.field("pushed"), "false");
    assert!(!lines[1].field("issuer").is_empty());
    assert!(!events.text().contains(&provider.client_secret().unwrap()));
    assert!(events.audit("provider_setting").is_empty());
}

#[tokio::test]
async fn each_need_that_the_metadata_do_not_announce_has_one_line() {
    for (patch, cause, expected, found) in [
        (
            json!({ "code_challenge_methods_supported": ["plain"] }),
            "code_challenge_methods",
            "S256",
            "plain",
        ),
        (
            json!({ "id_token_signing_alg_values_supported": ["HS256", "none"] }),
            "algorithms",
            "RS256",
            "HS256, none",
        ),
        (
            json!({ "token_endpoint_auth_methods_supported": ["tls_client_auth"] }),
            "client_auth",
            "client_secret_basic",
            "tls_client_auth",
        ),
        (
            json!({ "response_types_supported": ["id_token", "code token"] }),
            "response_types",
            "code",
            "id_token, code token",
        ),
        (
            json!({ "grant_types_supported": ["implicit"] }),
            "grant_types",
            "authorization_code",
            "implicit",
        ),
        (
            json!({ "response_modes_supported": ["form_post\u{1b}\n"] }),
            "response_modes",
            "query",
            "form_post\\u{1b}\\n",
        ),
        (
            json!({ "claims_supported": ["sub"], "scopes_supported": ["openid"] }),
            "claims",
            "phone_number",
            "sub",
        ),
    ] {
        let shop = open(|oidc| oidc, Some(patch)).await;
        let lines = settings(&shop).await;
        let [line] = lines.as_slice() else {
            panic!("{cause}: {lines:?}")
        };
        assert_eq!(line.field("cause"), cause);
        assert!(line.field("expected").contains(expected), "{line:?}");
        assert_eq!(line.field("found"), found);
        assert_eq!(line.field("provider"), "oidc");
        assert_eq!(line.level, Level::WARN);
    }
}

#[tokio::test]
async fn a_setting_that_the_provider_cannot_meet_has_a_line() {
    let no_logout = json!({ "end_session_endpoint": null });
    let shop = open(Oidc::logout_at_provider, Some(no_logout)).await;
    let lines = settings(&shop).await;
    assert_eq!(lines[0].field("cause"), "end_session_endpoint");
    for (change, cause) in [
        (
            (|oidc: Oidc| oidc.algorithms(["ES512"])) as fn(Oidc) -> Oidc,
            "algorithms",
        ),
        (
            |oidc: Oidc| oidc.claims_parameter(true),
            "claims_parameter_supported",
        ),
        (
            |oidc: Oidc| oidc.pushed_requests(true),
            "pushed_authorization_request_endpoint",
        ),
    ] {
        let patch = json!({
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_parameter_supported": false,
            "pushed_authorization_request_endpoint": null,
        });
        let lines = settings(&open(change, Some(patch)).await).await;
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!(lines[0].field("cause"), cause);
    }
}

#[tokio::test]
async fn metadata_that_omit_members_or_announce_everything_have_no_line() {
    for patch in [
        json!({}),
        json!({
            "code_challenge_methods_supported": null,
            "id_token_signing_alg_values_supported": null,
            "token_endpoint_auth_methods_supported": null,
            "response_types_supported": null,
            "grant_types_supported": [],
            "response_modes_supported": 7,
            "claims_supported": null,
        }),
        // Keycloak gives the number without listing the claim.
        json!({ "claims_supported": ["sub", "auth_time"] }),
    ] {
        let lines = settings(&open(|oidc| oidc, Some(patch)).await).await;
        assert!(lines.is_empty(), "{lines:?}");
    }
}

#[tokio::test]
async fn the_line_of_a_provider_that_is_not_ready_has_the_cause_of_the_error_and_a_reference() {
    let gone = Fault::json(StatusCode::NOT_FOUND, &json!({}));
    let nothing = Fault::Merge(json!({ "token_endpoint": null }));
    for (endpoint, fault, level, field, value) in [
        (Endpoint::Discovery, gone, Level::ERROR, "status", "404"),
        (
            Endpoint::Discovery,
            nothing,
            Level::ERROR,
            "code",
            "token_endpoint",
        ),
        (
            Endpoint::Discovery,
            Fault::Close,
            Level::WARN,
            "call",
            "metadata",
        ),
        (
            Endpoint::Keys,
            Fault::Merge(json!({ "keys": [] })),
            Level::ERROR,
            "code",
            "no_keys",
        ),
        (Endpoint::Keys, Fault::Close, Level::WARN, "call", "keys"),
    ] {
        let shop = open(|oidc| oidc, None).await;
        shop.provider.fail(endpoint, fault);
        let events = Events::capture();
        let error = shop.layer.warm_up().await.unwrap_err();
        let WarmUpError::Provider { error, .. } = error else {
            panic!("the provider's: {error}")
        };
        let lines = events.audit("provider_not_ready");
        let [line] = lines.as_slice() else {
            panic!("one: {}", events.text())
        };
        assert_eq!(line.level, level, "{line:?}");
        assert_eq!(line.field(field), value);
        assert_eq!(line.field("cause"), format!("{:?}", error.kind()));
        assert_eq!(line.field("reference").len(), 8);
        assert!(events.audit("provider_ready").is_empty());
    }
}
