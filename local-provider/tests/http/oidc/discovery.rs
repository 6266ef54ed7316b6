use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Algorithm, Endpoint, faults::Fault};

use super::start;
use crate::app::{App, Outcome};

const DOCUMENT: &str = "/oidc/.well-known/openid-configuration";

#[tokio::test]
async fn the_document_names_what_there_is() -> Outcome {
    let app = start(|oidc| oidc.algorithm = Algorithm::Es384).await?;
    let document = app.get(DOCUMENT).await?;
    let issuer = app.provider.oidc_issuer();
    assert_eq!(document["issuer"], issuer);
    for (member, path) in [
        ("authorization_endpoint", "authorize"),
        ("token_endpoint", "token"),
        ("userinfo_endpoint", "userinfo"),
        ("jwks_uri", "jwks"),
    ] {
        assert_eq!(document[member], format!("{issuer}/{path}"));
    }
    let algorithms = &document["id_token_signing_alg_values_supported"];
    assert_eq!(algorithms, &json!(["ES384"]));
    let ways = &document["token_endpoint_auth_methods_supported"];
    assert_eq!(ways, &json!(["client_secret_basic", "client_secret_post"]));
    let par = "pushed_authorization_request_endpoint";
    assert!(document.get(par).is_none());
    Ok(())
}

#[tokio::test]
async fn the_document_may_name_a_wrong_issuer_and_wrong_endpoints() -> Outcome {
    let app = start(|oidc| {
        oidc.discovery_issuer = Some("https://evil.example".into());
        oidc.endpoint_origin = Some("http://op.example".into());
    })
    .await?;
    let document = app.get(DOCUMENT).await?;
    assert_eq!(document["issuer"], "https://evil.example");
    assert_eq!(document["jwks_uri"], "http://op.example/oidc/jwks");
    Ok(())
}

#[tokio::test]
async fn discovery_and_keys_can_fail_and_are_counted() -> Outcome {
    let app: App = start(|_| {}).await?;
    let gone = Fault::json(http::StatusCode::BAD_GATEWAY, &Value::Null);
    app.provider.fail_next(Endpoint::Discovery, gone.clone());
    app.provider.fail_next(Endpoint::Keys, gone);
    for (path, endpoint) in [
        (DOCUMENT, Endpoint::Discovery),
        (super::KEYS, Endpoint::Keys),
    ] {
        assert_eq!(app.get(path).await?, Value::Null);
        assert_ne!(app.get(path).await?, Value::Null);
        assert_eq!(app.provider.count(endpoint), 2);
    }
    Ok(())
}
