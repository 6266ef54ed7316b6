//! `OIDC_ALGORITHMS`: the algorithms that may sign tokens.

use http::StatusCode;
use tower_phone_auth_local_provider::{Algorithm, LocalProvider};

use super::{KEY, Running, come_back, refused};

fn settings<'a>(provider: &'a [String; 3], algorithms: &'a str) -> [(&'static str, &'a str); 6] {
    let [id, secret, issuer] = provider;
    [
        ("OAUTH_PROVIDER", "oidc"),
        ("OAUTH_CLIENT_ID", id),
        ("OAUTH_CLIENT_SECRET", secret),
        ("OIDC_ISSUER", issuer),
        ("SESSION_KEY", KEY),
        ("OIDC_ALGORITHMS", algorithms),
    ]
}

fn registered(provider: &LocalProvider) -> [String; 3] {
    let secret = provider.client_secret().unwrap();
    [provider.client_id(), secret, provider.oidc_issuer()]
}

#[tokio::test]
async fn tokens_with_other_algorithms_are_refused() {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| settings.oidc.algorithm = Algorithm::Es512);
    let registered = registered(&provider);
    for (algorithms, status) in [
        ("ES512", StatusCode::SEE_OTHER),
        ("RS256, ES512", StatusCode::SEE_OTHER),
        ("RS256", StatusCode::BAD_GATEWAY),
        ("", StatusCode::SEE_OTHER),
    ] {
        let app = Running::start(&settings(&registered, algorithms)).await;
        let answer = come_back(&app, &provider.origin()).await;
        assert_eq!(answer.status(), status, "{algorithms}");
    }
}

#[tokio::test]
async fn an_insecure_algorithm_stops_the_start() {
    let provider = LocalProvider::start().await.unwrap();
    let registered = registered(&provider);
    for (algorithms, name) in [
        ("HS256", "HS256"),
        ("RS256,none", "none"),
        ("ES256K", "ES256K"),
        ("rs256", "rs256"),
        ("RS256,,ES256", "\"\""),
    ] {
        let message = refused(&settings(&registered, algorithms)).await;
        assert!(message.contains("OIDC_ALGORITHMS"), "{message}");
        assert!(
            message.contains(name) && message.contains("RS256"),
            "{message}"
        );
    }
}
