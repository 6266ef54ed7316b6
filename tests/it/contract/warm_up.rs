//! The example reads the provider's metadata and keys at start, without waiting for them.

use std::time::Duration;

use http::StatusCode;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    time::timeout,
};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};

use super::{KEY, Running};
use crate::support::folder::Folder;

async fn start(provider: &LocalProvider, more: &[(&str, &str)]) -> Running {
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    let issuer = provider.oidc_issuer();
    let own = [
        ("OAUTH_PROVIDER", "oidc"),
        ("OAUTH_CLIENT_ID", &id),
        ("OAUTH_CLIENT_SECRET", &secret),
        ("OIDC_ISSUER", &issuer),
        ("SESSION_KEY", KEY),
    ];
    Running::start(&[&own, more].concat()).await
}

/// The first line of the log that has this word.
async fn line(app: &mut Running, word: &str) -> String {
    let mut lines = BufReader::new(app.process.stderr.take().unwrap()).lines();
    let found = async {
        loop {
            let line = lines.next_line().await.unwrap().expect("a line");
            if line.contains(word) {
                return line;
            }
        }
    };
    timeout(Duration::from_secs(30), found).await.unwrap()
}

#[tokio::test]
async fn a_wrong_address_of_metadata_or_keys_is_logged_at_start() {
    for (endpoint, name) in [
        (Endpoint::Keys, "\"keys\""),
        (Endpoint::Discovery, "\"metadata\""),
    ] {
        for status in [404, 410, 403] {
            let provider = LocalProvider::start().await.unwrap();
            let code = StatusCode::from_u16(status).unwrap();
            provider.fail(endpoint, Fault::json(code, &serde_json::json!({})));
            let mut app = start(&provider, &[]).await;
            let line = line(&mut app, name).await;
            assert!(line.contains("ERROR"), "{line}");
            assert!(line.contains(&status.to_string()), "{line}");
            assert!(line.contains("127.0.0.1"), "{line}");
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_down_delays_no_start() {
    let folder = Folder::new();
    let file = folder.join("revocations");
    let provider = LocalProvider::start().await.unwrap();
    provider.fail(Endpoint::Discovery, Fault::Hang);
    let log = [("REVOCATION_FILE", file.to_str().unwrap())];
    // A start that waits for the provider waits ten seconds.
    let starting = timeout(Duration::from_secs(9), start(&provider, &log));
    let app = starting.await.unwrap();
    let ready = app.get("/readyz", &[]).await;
    assert_eq!(ready.status(), StatusCode::OK);
}

/// Such a replica answers page visits, and no sign-in at it can end.
#[tokio::test]
async fn a_replica_without_certificate_authorities_says_at_start_that_its_provider_is_not_ready() {
    let folder = Folder::new();
    let none = folder.join("none.pem");
    std::fs::write(&none, "").unwrap();
    let mut app = Running::start(&[
        ("OAUTH_PROVIDER", "kakao"),
        ("OAUTH_CLIENT_ID", "id"),
        ("OAUTH_CLIENT_SECRET", "secret"),
        ("SESSION_KEY", KEY),
        ("SSL_CERT_FILE", none.to_str().unwrap()),
    ])
    .await;
    let line = line(&mut app, "provider_not_ready").await;
    assert!(line.contains("kakao"), "{line}");
}
