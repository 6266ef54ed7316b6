//! `OIDC_USERINFO`, `OIDC_PHONE_CLAIM` and `OIDC_PHONE_ASSERTED`: reading the answers of an OpenID
//! provider.

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, PhoneIn, faults::Fault};

use super::{KEY, Running, come_back, refused, sign_in};

async fn start(provider: &LocalProvider, settings: &[(&str, &str)]) -> Running {
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    let issuer = provider.oidc_issuer();
    let common = [
        ("OAUTH_PROVIDER", "oidc"),
        ("OAUTH_CLIENT_ID", id.as_str()),
        ("OAUTH_CLIENT_SECRET", secret.as_str()),
        ("OIDC_ISSUER", issuer.as_str()),
        ("SESSION_KEY", KEY),
    ];
    Running::start(&[&common[..], settings].concat()).await
}

async fn me(app: &Running, provider: &LocalProvider) -> Value {
    let session = sign_in(app, &provider.origin()).await;
    let me = app.get("/me", &[("cookie", &session)]).await;
    serde_json::from_str(&me.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn userinfo_is_requested_as_set_in_the_variable() {
    for (settings, asked) in [
        (&[][..], 0),
        (&[("OIDC_USERINFO", "on")], 1),
        (&[("OIDC_USERINFO", "off")], 0),
    ] {
        let provider = LocalProvider::start().await.unwrap();
        provider.configure(|settings| settings.oidc.phone_in = PhoneIn::IdToken);
        let app = start(&provider, settings).await;
        assert_eq!(me(&app, &provider).await["assurance"], "verified");
        assert_eq!(provider.count(Endpoint::Profile), asked, "{settings:?}");
    }
}

#[tokio::test]
async fn required_userinfo_that_is_not_announced_is_a_misconfiguration() {
    let provider = LocalProvider::start().await.unwrap();
    let absent = Fault::Merge(json!({ "userinfo_endpoint": null }));
    provider.fail(Endpoint::Discovery, absent);
    let app = start(&provider, &[("OIDC_USERINFO", "on")]).await;
    let page = app.get("/", &[("accept", "text/html")]).await;
    assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
    assert!(page.text().await.unwrap().contains("userinfo_endpoint"));
}

#[tokio::test]
async fn the_claim_and_its_assurance_are_set_by_the_variables() {
    let claim = ("OIDC_PHONE_CLAIM", "attributes.mobile");
    for (settings, flag, assurance) in [
        (
            &[claim, ("OIDC_PHONE_ASSERTED", "1")][..],
            json!(null),
            Some("asserted"),
        ),
        (&[claim], json!(true), Some("verified")),
        (&[claim], json!(null), None),
        (&[claim, ("OIDC_PHONE_ASSERTED", "1")], json!(false), None),
        (&[claim, ("OIDC_PHONE_ASSERTED", "1")], json!("true"), None),
    ] {
        let provider = LocalProvider::start().await.unwrap();
        provider.fail(
            Endpoint::Profile,
            Fault::Merge(json!({
                "phone_number": null,
                "attributes.mobile": "+82 10-1234-5678",
                "phone_number_verified": flag,
            })),
        );
        let app = start(&provider, settings).await;
        match assurance {
            Some(assurance) => {
                let me = me(&app, &provider).await;
                assert_eq!(me["phone"], "+821012345678");
                assert_eq!(me["assurance"], assurance, "{flag}");
            }
            None => {
                let page = come_back(&app, &provider.origin()).await;
                assert_eq!(page.status(), StatusCode::FORBIDDEN, "{flag}");
            }
        }
    }
}

#[tokio::test]
async fn a_wrong_value_is_one_line_that_names_the_variable() {
    let issuer = [
        ("OAUTH_PROVIDER", "oidc"),
        ("OAUTH_CLIENT_ID", "id"),
        ("OIDC_ISSUER", "https://id.example.com"),
        ("SESSION_KEY", KEY),
    ];
    for (name, value) in [
        ("OIDC_USERINFO", "yes"),
        ("OIDC_USERINFO", "ON"),
        ("OIDC_PHONE_ASSERTED", "on"),
        ("OIDC_PHONE_CLAIM", " "),
    ] {
        let message = refused(&[&issuer[..], &[(name, value)]].concat()).await;
        assert!(message.contains(&format!("{name}: ")), "{message}");
    }
}
