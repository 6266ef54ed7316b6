//! An issuer with one address for browsers and another address for this server.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, Uri};
use serde_json::json;
use tower_phone_auth::{
    ConfigError, OAuthLayer, Oidc, SessionKey,
    error::LoginErrorKind::Misconfigured,
    provider::{BoxFuture, HttpClient, HttpError, HttpErrorKind},
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Par, faults::Fault};

use super::{assert_signed_in, refusal, registered};
use crate::support::{
    browser::{JIWOO, location},
    log::Log,
    shop::Shop,
};

/// The provider under the name that only this server uses.
fn back(provider: &LocalProvider) -> String {
    provider.origin().replace("127.0.0.1", "localhost")
}

fn shop(provider: LocalProvider, document: &str) -> Shop {
    let url = format!("{}{document}", back(&provider));
    let oidc = registered(&provider)
        .discovery_url(url)
        .logout_at_provider();
    Shop::at(provider, oidc, |builder| builder)
}

/// The endpoints that this server called, with the host name of each call.
fn hosts(shop: &Shop) -> Vec<(Endpoint, String)> {
    let requests = shop.provider.requests();
    let ours = requests.iter().filter_map(|one| {
        let endpoint = one.endpoint.filter(|part| *part != Endpoint::Authorize)?;
        Some((endpoint, one.headers["host"].to_str().unwrap().to_owned()))
    });
    ours.collect()
}

#[tokio::test]
async fn server_calls_go_to_the_second_address_and_pages_to_the_issuer() {
    const WELL_KNOWN: &str = "/oidc/.well-known/openid-configuration";

    // The metadata name the public address alone, or the second address alone.
    for (document, names_second) in [
        (WELL_KNOWN, false),
        (WELL_KNOWN, true),
        ("/oidc", false),
        ("/oidc/", true),
    ] {
        let provider = LocalProvider::start().await.unwrap();
        let named = names_second.then(|| back(&provider));
        provider.configure(|settings| {
            settings.oidc.endpoint_origin = named;
            settings.oidc.par = Par::Required;
        });
        let shop = shop(provider, document);
        let (front, back) = (shop.provider.origin(), back(&shop.provider));
        let mut browser = shop.browser();
        let away = browser.visit("/").await;
        assert!(location(&away).starts_with(&front), "{}", location(&away));
        let callback = browser.act(&away, JIWOO).await;
        assert_signed_in(
            &browser.visit(&callback).await,
            "through the second address",
        );
        let _ = shop
            .layer
            .provider("oidc")
            .unwrap()
            .revoke_token("a-token")
            .await;
        let hosts = hosts(&shop);
        assert!(hosts.len() >= 5, "{hosts:?}");
        for (endpoint, host) in hosts {
            assert_eq!(format!("http://{host}"), back, "{endpoint:?}");
        }
        let left = browser.submit("/auth/logout", "").await;
        assert!(location(&left).starts_with(&front), "{}", location(&left));
    }
}

#[tokio::test]
async fn metadata_of_another_issuer_are_refused_there_as_well() {
    for other in ["http://localhost/oidc", "https://id.example.com"] {
        let provider = LocalProvider::start().await.unwrap();
        provider.configure(|settings| settings.oidc.discovery_issuer = Some(other.to_owned()));
        let shop = shop(provider, "/oidc");
        let page = shop.browser().visit("/").await;
        assert_eq!(refusal(&page), (502, Misconfigured, Some("issuer")));
        assert_eq!(shop.provider.count(Endpoint::Token), 0);
    }
}

/// Sends every request to one address, and records the host names.
struct Network {
    to: Uri,
    client: reqwest::Client,
    names: Arc<Mutex<Vec<String>>>,
}

impl HttpClient for Network {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        let (mut head, body) = request.into_parts();
        let path = head.uri.path_and_query().unwrap().as_str();
        let origin = format!(
            "{}://{}",
            head.uri.scheme().unwrap(),
            head.uri.authority().unwrap()
        );
        self.names.lock().unwrap().push(origin);
        head.uri = format!("{}{path}", self.to.to_string().trim_end_matches('/'))
            .parse()
            .unwrap();
        let request = reqwest::Request::try_from(Request::from_parts(head, body)).unwrap();
        Box::pin(async move {
            let unreachable = |_| HttpError::from(HttpErrorKind::Unreachable);
            let answer = self.client.execute(request).await.map_err(unreachable)?;
            let status = answer.status();
            let body = answer.bytes().await.map_err(unreachable)?;
            Ok(Response::builder().status(status).body(body).unwrap())
        })
    }
}

/// Keycloak in a container network as `http://keycloak:8080`, with another address for browsers.
async fn keycloak(issuer: &str, discovery_url: &str) -> (Shop, Arc<Mutex<Vec<String>>>) {
    let provider = LocalProvider::start().await.unwrap();
    let (origin, names) = (provider.origin(), Arc::default());
    provider.configure(|settings| settings.oidc.discovery_issuer = Some(issuer.to_owned()));
    let named = issuer.to_owned();
    provider.forge_id_token(move |_, claims| claims["iss"] = json!(named));
    let front = issuer.trim_end_matches("/oidc");
    let patch = json!({ "authorization_endpoint": format!("{front}/oidc/authorize") });
    provider.fail(Endpoint::Discovery, Fault::Merge(patch));
    let network = Network {
        to: origin.parse().unwrap(),
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        names: Arc::clone(&names),
    };
    let secret = provider.client_secret().unwrap();
    let oidc = Oidc::new(issuer, provider.client_id(), secret)
        .discovery_url(discovery_url)
        .allow_insecure_http();
    (
        Shop::at(provider, oidc, |builder| builder.http_client(network)),
        names,
    )
}

#[tokio::test]
async fn plain_http_on_a_private_network_signs_in_by_the_setting_and_warns_once() {
    for (issuer, discovery_url, back) in [
        (
            "https://id.example.com/oidc",
            "http://keycloak:8080/oidc",
            "http://keycloak:8080",
        ),
        (
            "http://localhost:8080/oidc",
            "http://10.0.0.7/oidc",
            "http://10.0.0.7",
        ),
        (
            "http://keycloak:8080/oidc",
            "http://id.internal/oidc/.well-known/openid-configuration",
            "http://id.internal",
        ),
    ] {
        let log = Log::capture();
        let (shop, names) = keycloak(issuer, discovery_url).await;
        let mut browser = shop.browser();
        let away = browser.visit("/").await;
        let page = location(&away).to_owned();
        assert!(page.starts_with(issuer), "{page}");
        let front = issuer.trim_end_matches("/oidc");
        let here = page.replacen(front, &shop.provider.origin(), 1);
        let callback = browser.act_at(&here, JIWOO).await;
        assert_signed_in(&browser.visit(&callback).await, issuer);
        let names = names.lock().unwrap().clone();
        assert!(names.iter().all(|name| name == back), "{names:?}");
        let text = log.text();
        let lines: Vec<_> = text.lines().filter(|l| l.contains("plain http")).collect();
        assert_eq!(lines.len(), 1, "{text}");
        assert!(lines[0].contains("WARN"));
    }
}

fn built(oidc: Oidc) -> Result<OAuthLayer, ConfigError> {
    OAuthLayer::new(oidc, "https://shop.example.com", SessionKey::random())
}

#[test]
fn unusable_addresses_are_refused_with_the_remedy() {
    let at = |url: &str| Oidc::new("https://id.example.com", "id", "secret").discovery_url(url);
    for url in [
        "",
        "keycloak:8080",
        "ftp://id.example.com/",
        "http://id.example.com/",
        "http://keycloak:8080/",
        "https://user:word@id.example.com/",
        "https://id.example.com/#x",
    ] {
        let error = built(at(url)).unwrap_err();
        assert_eq!(error.setting(), "discovery_url", "{url}");
    }
    for url in [
        "http://id.example.com/",
        "http://8.8.8.8/",
        "http://169.254.169.254/",
        "http://0.0.0.0/",
        "http://id.internal.example.com/",
    ] {
        let error = built(at(url).allow_insecure_http()).unwrap_err();
        assert_eq!(error.setting(), "discovery_url", "{url}");
        let issuer = Oidc::new(url, "id", "secret").allow_insecure_http();
        assert_eq!(built(issuer).unwrap_err().setting(), "issuer", "{url}");
    }
    let plain = Oidc::new("http://keycloak:8080/realms/shop", "id", "secret");
    let error = built(plain.clone()).unwrap_err().to_string();
    assert!(error.contains("allow_insecure_http()"), "{error}");
    assert!(built(plain.allow_insecure_http()).is_ok());
    assert!(built(at("https://keycloak.internal:8443/realms/shop")).is_ok());
    let here = built(at("http://127.0.0.1:8080/")).unwrap_err();
    assert_eq!(here.setting(), "discovery_url");
}

#[tokio::test]
async fn without_the_setting_metadata_may_not_name_plain_http() {
    let provider = LocalProvider::start().await.unwrap();
    let oidc = registered(&provider);
    let shop = Shop::at(provider, oidc, |builder| builder);
    for (name, url) in [
        ("token_endpoint", "http://keycloak:8080/token"),
        ("jwks_uri", "http://10.0.0.7/keys"),
        ("userinfo_endpoint", "http://id.internal/userinfo"),
    ] {
        let patch = Fault::Merge(json!({ name: url }));
        shop.provider.fail_next(Endpoint::Discovery, patch);
        let page = shop.browser().visit("/").await;
        assert_eq!(refusal(&page), (502, Misconfigured, Some(name)));
    }
}
