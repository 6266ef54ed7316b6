//! The doctor before servers whose certificates hold or do not, with the authority of these tests known to it or not.

use http::Uri;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{
    KEY,
    doctor::{Said, doctor},
};
use crate::faults::tls::acceptor;

const RIGHT: &[u8] = include_bytes!("../doctor/certificates/right.pem");
const OTHER: &[u8] = include_bytes!("../doctor/certificates/other.pem");
const EXPIRED: &[u8] = include_bytes!("../doctor/certificates/expired.pem");
const AUTHORITY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/it/doctor/certificates/authority.pem"
);

/// The issuer of a server that answers every request with a JSON object.
async fn server(pem: &'static [u8]) -> String {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("https://{}", listener.local_addr().unwrap());
    let acceptor = acceptor(pem);
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let _ = stream.read(&mut request).await;
                    let _ = stream.write_all(ANSWER).await;
                    let _ = stream.shutdown().await;
                }
            });
        }
    });
    issuer
}

async fn examined(pem: &'static [u8], more: &[(&str, &str)]) -> Said {
    let issuer = server(pem).await;
    assert!(issuer.parse::<Uri>().is_ok());
    let base = [
        ("OAUTH_PROVIDER", "oidc"),
        ("OAUTH_CLIENT_ID", "id"),
        ("OAUTH_CLIENT_SECRET", "secret"),
        ("SESSION_KEY", KEY),
        ("OIDC_ISSUER", &*issuer),
    ];
    doctor(&[&base[..], more].concat(), &[]).await
}

/// The lines of the check, in one.
fn metadata(said: &Said) -> String {
    let from = said.out.split("  oidc         metadata").nth(1).unwrap();
    let lines = from.lines().enumerate();
    let own = lines.take_while(|(number, line)| *number == 0 || line.starts_with("        "));
    let words = own.flat_map(|(_, line)| line.split_whitespace());
    words.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn an_authority_that_is_not_known_is_known_by_the_remedy_that_is_named() {
    let said = examined(RIGHT, &[]).await;
    assert_eq!(said.status, 1);
    let before = metadata(&said);
    assert!(before.contains("UnknownIssuer"), "{before}");
    assert!(
        before.contains("set SSL_CERT_FILE to one PEM file"),
        "{before}"
    );

    let said = examined(RIGHT, &[("SSL_CERT_FILE", AUTHORITY)]).await;
    let after = metadata(&said);
    assert!(!after.contains("->"), "{after}");
    let found = "SSL_CERT_FILE names";
    assert!(said.out.contains(found), "{}", said.out);
    // And no other authority is known then.
    let elsewhere = ("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt");
    let said = examined(RIGHT, &[elsewhere]).await;
    assert!(
        metadata(&said).contains("which SSL_CERT_FILE names"),
        "{}",
        said.out
    );
}

#[tokio::test]
async fn a_certificate_of_a_known_authority_is_expired_or_of_another_name() {
    let known = [("SSL_CERT_FILE", AUTHORITY)];
    for (pem, part) in [
        (EXPIRED, "renew the certificate of https://127.0.0.1:"),
        (
            OTHER,
            "give the host name that the certificate of https://127.0.0.1:",
        ),
    ] {
        let said = examined(pem, &known).await;
        let metadata = metadata(&said);
        assert_eq!(said.status, 1);
        assert!(metadata.contains(part), "{metadata}");
    }
}

#[tokio::test]
async fn a_bundle_that_is_not_there_stops_the_start_with_a_remedy() {
    let said = examined(RIGHT, &[("SSL_CERT_FILE", "/nowhere/authorities.pem")]).await;
    assert_eq!((said.status, said.out.as_str()), (2, ""));
}
