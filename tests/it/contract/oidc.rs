//! The variables of the provider `oidc`: their effects, and the messages about wrong values.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::{StatusCode, header::AUTHORIZATION};
use serde_json::{Value, json};
use tower_phone_auth_local_provider::{
    ClientAuthentication::{PrivateKeyJwt, SecretPost},
    Endpoint, LocalProvider, OidcSettings, Par, Recorded,
    faults::Fault,
};
use url::Url;

use super::{KEY, Running, header, refused, sign_in};
use crate::support::folder::Folder;

/// The example at this provider, with more variables.
async fn running(provider: &LocalProvider, more: &[(&str, &str)]) -> Running {
    let (issuer, id) = (provider.oidc_issuer(), provider.client_id());
    let secret = provider.client_secret().unwrap_or_default();
    let base = [
        ("OAUTH_PROVIDER", "oidc"),
        ("OIDC_ISSUER", issuer.as_str()),
        ("OAUTH_CLIENT_ID", id.as_str()),
        ("OAUTH_CLIENT_SECRET", secret.as_str()),
        ("SESSION_KEY", KEY),
    ];
    Running::start(&[&base[..], more].concat()).await
}

async fn provider(change: impl FnOnce(&mut OidcSettings)) -> LocalProvider {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| change(&mut settings.oidc));
    provider
}

/// The parameters of the redirect of a page visit to the provider.
async fn sent(app: &Running, path: &str) -> Vec<(String, String)> {
    let away = app.get(path, &[("accept", "text/html")]).await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
    let url = Url::parse(header(&away, "location")).unwrap();
    url.query_pairs().into_owned().collect()
}

fn value<'v>(pairs: &'v [(String, String)], name: &str) -> Option<&'v str> {
    let mut found = pairs.iter().filter(|(known, _)| known == name);
    let value = found.next().map(|(_, value)| value.as_str());
    assert_eq!(found.next(), None, "{name} twice");
    value
}

fn at(provider: &LocalProvider, endpoint: Endpoint) -> Vec<Recorded> {
    let mut requests = provider.requests();
    requests.retain(|one| one.endpoint == Some(endpoint));
    requests
}

#[tokio::test]
async fn scopes_parameters_and_the_login_hint_are_sent_as_set() {
    let provider = provider(|_| {}).await;
    let plain = running(&provider, &[]).await;
    let pairs = sent(&plain, "/").await;
    assert_eq!(value(&pairs, "scope"), Some("openid phone"));
    assert_eq!(value(&pairs, "claims"), None);

    let app = running(
        &provider,
        &[
            ("OIDC_SCOPES", " openid  profile "),
            ("OIDC_PARAMETERS", "ui_locales=ko&acr_values=a%20b%26c"),
        ],
    )
    .await;
    let pairs = sent(&app, "/auth/login?login_hint=jiwoo%40example.com").await;
    assert_eq!(value(&pairs, "scope"), Some("openid profile"));
    assert_eq!(value(&pairs, "ui_locales"), Some("ko"));
    assert_eq!(value(&pairs, "acr_values"), Some("a b&c"));
    assert_eq!(value(&pairs, "login_hint"), Some("jiwoo@example.com"));
}

#[tokio::test]
async fn the_claims_parameter_is_sent_only_when_on() {
    let provider = provider(|oidc| oidc.claims_parameter = true).await;
    for (setting, is_sent) in [("on", true), ("off", false)] {
        let more = [
            ("OIDC_CLAIMS_PARAMETER", setting),
            ("OIDC_SCOPES", "openid"),
        ];
        let app = running(&provider, &more).await;
        let pairs = sent(&app, "/").await;
        assert_eq!(value(&pairs, "claims").is_some(), is_sent, "{setting}");
    }
}

#[tokio::test]
async fn requests_are_pushed_when_on_and_a_missing_endpoint_is_reported() {
    let offering = provider(|oidc| oidc.par = Par::Offered).await;
    let app = running(&offering, &[("OIDC_PUSHED_REQUESTS", "on")]).await;
    let pairs = sent(&app, "/").await;
    assert!(value(&pairs, "request_uri").is_some(), "{pairs:?}");
    let app = running(&offering, &[("OIDC_PUSHED_REQUESTS", "off")]).await;
    assert!(value(&sent(&app, "/").await, "state").is_some());

    let none = provider(|_| {}).await;
    let app = running(&none, &[("OIDC_PUSHED_REQUESTS", "on")]).await;
    let page = app.get("/", &[("accept", "text/html")]).await;
    assert_eq!(page.status(), StatusCode::BAD_GATEWAY);
    let page = page.text().await.unwrap();
    let name = "pushed_authorization_request_endpoint";
    assert!(page.contains(name), "{page}");
}

#[tokio::test]
async fn the_secret_is_sent_by_the_method_of_the_variable_or_the_metadata() {
    let basic = |request: &Recorded| request.headers.contains_key(AUTHORIZATION);
    for (method, in_header) in [("basic", true), ("post", false)] {
        let provider = provider(|_| {}).await;
        let app = running(&provider, &[("OIDC_CLIENT_AUTH", method)]).await;
        sign_in(&app, &provider.origin()).await;
        let requests = at(&provider, Endpoint::Token);
        let found: Vec<_> = requests.iter().map(basic).collect();
        assert_eq!(found, [in_header], "{method}");
    }
    let provider = provider(|oidc| oidc.client_authentication = vec![SecretPost]).await;
    let both = json!(["client_secret_basic", "client_secret_post"]);
    let patch = json!({ "token_endpoint_auth_methods_supported": both });
    provider.fail(Endpoint::Discovery, Fault::Merge(patch));
    let app = running(&provider, &[]).await;
    sign_in(&app, &provider.origin()).await;
    sign_in(&app, &provider.origin()).await;
    let requests = at(&provider, Endpoint::Token);
    let found: Vec<_> = requests.iter().map(basic).collect();
    assert_eq!(found, [true, false, false]);
}

fn key(folder: &Folder) -> (String, Value) {
    let random = aws_lc_rs::rand::SystemRandom::new();
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref()).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
    let jwk = json!({ "kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y) });
    let path = folder.join("key.pem");
    let body = STANDARD.encode(der.as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    std::fs::write(&path, pem).unwrap();
    (path.to_str().unwrap().to_owned(), jwk)
}

#[tokio::test]
async fn a_private_key_or_a_public_client_needs_no_secret() {
    let folder = Folder::new();
    let (path, jwk) = key(&folder);
    for par in [Par::Off, Par::Required] {
        let provider = LocalProvider::start().await.unwrap();
        provider.configure(|settings| {
            settings.client_secret = None;
            settings.oidc.client_authentication = vec![PrivateKeyJwt];
            settings.oidc.client_jwk = Some(jwk.clone());
            settings.oidc.par = par;
        });
        let more = [
            ("OIDC_CLIENT_AUTH", "private_key_jwt"),
            ("OIDC_PRIVATE_KEY", path.as_str()),
        ];
        let app = running(&provider, &more).await;
        if par == Par::Off {
            sign_in(&app, &provider.origin()).await;
        } else {
            let pairs = sent(&app, "/").await;
            assert!(value(&pairs, "request_uri").is_some());
        }
    }

    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.client_secret = None);
    let other = [("OAUTH_CLIENT_SECRET", "of-another-provider")];
    let more = [&other[..], &[("OIDC_CLIENT_AUTH", "none")]].concat();
    let app = running(&provider, &more).await;
    sign_in(&app, &provider.origin()).await;
    let request = &at(&provider, Endpoint::Token)[0];
    let form = request.form();
    assert!(form.iter().all(|(name, _)| name != "client_secret"));
    assert!(!request.headers.contains_key(AUTHORIZATION));
}

#[tokio::test]
async fn metadata_are_read_at_another_address() {
    let provider = provider(|_| {}).await;
    let back = provider.oidc_issuer().replace("127.0.0.1", "localhost");
    let document = format!("{back}/.well-known/openid-configuration");
    let app = running(&provider, &[("OIDC_DISCOVERY_URL", &document)]).await;
    sign_in(&app, &provider.origin()).await;
    for request in at(&provider, Endpoint::Token) {
        let host = request.headers["host"].to_str().unwrap();
        assert!(host.starts_with("localhost:"), "{host}");
    }
}

#[tokio::test]
async fn sign_out_continues_at_the_provider_and_forms_are_saved() {
    let provider = provider(|_| {}).await;
    let more = [("LOGOUT_AT_PROVIDER", "1"), ("SAVE_FORMS", "1")];
    let app = running(&provider, &more).await;
    let session = sign_in(&app, &provider.origin()).await;
    let page = [
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let post = |path: &str| {
        let request = app.client.post(format!("{}{path}", app.address));
        let request = request.header("origin", &app.address).body("a=b");
        page.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        })
    };
    let kept = post("/me").send().await.unwrap();
    assert_eq!(kept.status(), StatusCode::SEE_OTHER);
    let left = post("/auth/logout").header("cookie", &session);
    let left = left.send().await.unwrap();
    let there = format!("{}/logout?", provider.oidc_issuer());
    assert!(header(&left, "location").starts_with(&there));
}

#[tokio::test]
async fn a_wrong_value_stops_the_start_with_one_line_that_names_the_variable() {
    let base = [
        ("OAUTH_PROVIDER", "oidc"),
        ("OIDC_ISSUER", "https://id.example.com"),
        ("OAUTH_CLIENT_ID", "id"),
        ("SESSION_KEY", KEY),
    ];
    let secret = ("OAUTH_CLIENT_SECRET", "secret");
    let key_file = ("OIDC_PRIVATE_KEY", "/nowhere/key.pem");
    let no_key = ("OIDC_PRIVATE_KEY", "Cargo.toml");
    let jwt = ("OIDC_CLIENT_AUTH", "private_key_jwt");
    for (more, variable) in [
        (&[("OIDC_SCOPES", "phone")][..], "OIDC_SCOPES"),
        (&[("OIDC_SCOPES", "openid,phone")], "OIDC_SCOPES"),
        (&[("OIDC_SCOPES", " ")], "OIDC_SCOPES"),
        (&[secret, ("OIDC_CLIENT_AUTH", "jwt")], "OIDC_CLIENT_AUTH"),
        (&[("OIDC_CLIENT_AUTH", "basic")], "OIDC_CLIENT_AUTH"),
        (&[("OIDC_CLIENT_AUTH", "post")], "OIDC_CLIENT_AUTH"),
        (
            &[("OIDC_CLIENT_AUTH", "none"), ("OIDC_CLIENT_SECRET", "x")],
            "OIDC_CLIENT_AUTH",
        ),
        (&[jwt], "OIDC_PRIVATE_KEY"),
        (&[jwt, key_file], "OIDC_PRIVATE_KEY"),
        (&[jwt, no_key], "OIDC_PRIVATE_KEY"),
        (&[secret, no_key], "OIDC_PRIVATE_KEY"),
        (&[("OIDC_PUSHED_REQUESTS", "yes")], "OIDC_PUSHED_REQUESTS"),
        (&[("OIDC_CLAIMS_PARAMETER", "1")], "OIDC_CLAIMS_PARAMETER"),
        (&[("OIDC_PARAMETERS", "a=1&state=x")], "OIDC_PARAMETERS"),
        (&[("OIDC_PARAMETERS", "=x")], "OIDC_PARAMETERS"),
        (&[("OIDC_PARAMETERS", "a=1&a=2")], "OIDC_PARAMETERS"),
        (&[("OIDC_DISCOVERY_URL", "keycloak")], "OIDC_DISCOVERY_URL"),
        (
            &[("OIDC_DISCOVERY_URL", "http://id.example.com")],
            "OIDC_DISCOVERY_URL",
        ),
        (&[("INSECURE_HTTP_ISSUER", "yes")], "INSECURE_HTTP_ISSUER"),
        (
            &[("OIDC_ISSUER", "http://keycloak:8080/realms/shop")],
            "INSECURE_HTTP_ISSUER=1",
        ),
        (&[("LOGOUT_AT_PROVIDER", "on")], "LOGOUT_AT_PROVIDER"),
        (&[("SAVE_FORMS", "true")], "SAVE_FORMS"),
    ] {
        let message = refused(&[&base[..], more].concat()).await;
        assert!(message.starts_with("error: "), "{message}");
        assert!(
            message.contains(variable) && message.contains("; "),
            "{message}"
        );
    }
}
