//! Clients with the settings that an administrator may choose.

use serde_json::json;
use tower_phone_auth::{Oidc, error::LoginErrorKind};

use super::Hydra;
use crate::support::{browser::refusal, shop::shop, user::User};

/// Hydra announces both methods, and accepts only the one that the client is registered for.
#[tokio::test]
async fn a_secret_is_sent_as_the_client_is_registered() {
    let hydra = Hydra::shared().await;
    for method in ["client_secret_basic", "client_secret_post"] {
        let settings = json!({ "token_endpoint_auth_method": method });
        let oidc = hydra.client(method, settings).await;
        let set = match method {
            "client_secret_basic" => oidc.clone().client_secret_basic(),
            _ => oidc.clone().client_secret_post(),
        };
        for oidc in [oidc, set] {
            let shown = shop(oidc).sign_in(User::agrees("jane")).await;
            assert!(shown.starts_with("+821012345678 Verified"), "{shown}");
        }
    }
}

#[tokio::test]
async fn a_client_without_a_secret_signs_users_in() {
    let hydra = Hydra::shared().await;
    let settings = json!({ "token_endpoint_auth_method": "none", "client_secret": null });
    hydra.client("public", settings).await;
    let oidc = Oidc::without_secret(&hydra.issuer, "public");
    let shown = shop(oidc).sign_in(User::agrees("jane")).await;
    assert!(shown.starts_with("+821012345678 Verified"), "{shown}");
}

#[tokio::test]
async fn a_wrong_secret_is_a_misconfiguration() {
    let hydra = Hydra::shared().await;
    hydra.client("wrong", json!({})).await;
    let wrong = Oidc::new(&hydra.issuer, "wrong", "wrong");
    for oidc in [wrong.clone(), wrong.client_secret_basic()] {
        let back = shop(oidc).come_back(User::agrees("jane")).await;
        assert_eq!(refusal(&back), (502, Some(LoginErrorKind::Misconfigured)));
    }
}

#[tokio::test]
async fn a_scope_that_the_client_may_not_request_is_a_misconfiguration() {
    let hydra = Hydra::shared().await;
    for scope in ["openid phone", "openid profile email"] {
        let id = scope.replace(' ', "-");
        let oidc = hydra.client(&id, json!({ "scope": scope })).await;
        let back = shop(oidc).come_back(User::agrees("jane")).await;
        assert_eq!(
            refusal(&back),
            (502, Some(LoginErrorKind::Misconfigured)),
            "{scope}"
        );
    }
}

#[tokio::test]
async fn a_redirect_uri_that_is_not_registered_stays_at_hydras_error_page() {
    let hydra = Hydra::shared().await;
    let settings = json!({ "redirect_uris": ["http://127.0.0.1:3000/elsewhere"] });
    let mut browser = shop(hydra.client("elsewhere", settings).await);
    let away = browser.visit("/cart").await;
    let page = browser.page_of_provider(&away).await;
    assert!(page.contains("redirect_uri"), "{page}");
}
