//! The doctor at servers with valid and invalid certificates, with and without the authority of
//! these tests.

use http::Uri;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{
    KEY,
    doctor::{DoctorRun, doctor},
};
use crate::support::tls::acceptor;

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

async fn examine(pem: &'static [u8], more: &[(&str, &str)]) -> DoctorRun {
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

/// The lines about the metadata check, as one line.
fn metadata(run: &DoctorRun) -> String {
    let from = run.out.split("  oidc         metadata").nth(1).unwrap();
    let lines = from.lines().enumerate();
    let own = lines.take_while(|(number, line)| *number == 0 || line.starts_with("        "));
    let words = own.flat_map(|(_, line)| line.split_whitespace());
    words.collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn an_unknown_authority_is_trusted_after_the_named_remedy() {
    let run = examine(RIGHT, &[]).await;
    assert_eq!(run.status, 1);
    let before = metadata(&run);
    assert!(before.contains("UnknownIssuer"), "{before}");
    assert!(
        before.contains("set SSL_CERT_FILE to one PEM file"),
        "{before}"
    );

    let run = examine(RIGHT, &[("SSL_CERT_FILE", AUTHORITY)]).await;
    let after = metadata(&run);
    assert!(!after.contains("->"), "{after}");
    let found = "SSL_CERT_FILE names";
    assert!(run.out.contains(found), "{}", run.out);
    // Other authorities are not trusted then.
    let elsewhere = ("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt");
    let run = examine(RIGHT, &[elsewhere]).await;
    assert!(
        metadata(&run).contains("which SSL_CERT_FILE names"),
        "{}",
        run.out
    );
}

#[tokio::test]
async fn an_expired_certificate_and_one_of_another_name_have_their_remedies() {
    let known = [("SSL_CERT_FILE", AUTHORITY)];
    for (pem, part) in [
        (EXPIRED, "renew the certificate of https://127.0.0.1:"),
        (
            OTHER,
            "give the host name that the certificate of https://127.0.0.1:",
        ),
    ] {
        let run = examine(pem, &known).await;
        let metadata = metadata(&run);
        assert_eq!(run.status, 1);
        assert!(metadata.contains(part), "{metadata}");
    }
}

#[tokio::test]
async fn missing_certificate_authorities_stop_the_start_with_a_remedy() {
    const NONE: &str = "/nowhere/authorities.pem";
    for named in [
        [("SSL_CERT_FILE", NONE), ("SSL_CERT_DIR", "/nowhere")],
        [("SSL_CERT_FILE", ""), ("SSL_CERT_DIR", "")],
        [("SSL_CERT_FILE", NONE), ("NO_COLOR", "1")],
        [("SSL_CERT_DIR", "/nowhere:/none"), ("NO_COLOR", "1")],
    ] {
        let run = examine(RIGHT, &named).await;
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{named:?}");
    }
    let one = [("SSL_CERT_FILE", NONE), ("SSL_CERT_DIR", "/nowhere:/")];
    assert_ne!(examine(RIGHT, &one).await.status, 2);
}
