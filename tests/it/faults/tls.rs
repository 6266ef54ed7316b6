//! Endpoints with invalid TLS: a server without TLS, and one with a certificate of an unknown
//! authority.

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tower_phone_auth::{Google, Kakao, Naver, Oidc, provider::Provider};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};

use super::world::{Dialect, LIMIT, World, assert_refused};
use crate::support::{browser::parameter, shop::Shop, tls::acceptor};

/// A self-signed certificate for 127.0.0.1, with its key.
const PEM: &[u8] = include_bytes!("unknown_authority.pem");

/// The origin of a server that answers every request, over untrusted TLS or in plain text.
pub(crate) async fn server(with_tls: bool) -> String {
    showing(with_tls.then_some(PEM)).await
}

/// The origin of a server with this certificate, or in plain text without one.
pub(crate) async fn showing(pem: Option<&[u8]>) -> String {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://{}", listener.local_addr().unwrap());
    let acceptor = pem.map(acceptor);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                match acceptor {
                    Some(acceptor) => {
                        if let Ok(mut stream) = acceptor.accept(stream).await {
                            let _ = stream.read(&mut request).await;
                            panic!("the client trusts an unknown authority");
                        }
                    }
                    None => {
                        let _ = stream.read(&mut request).await;
                        let _ = stream.write_all(ANSWER).await;
                    }
                }
            });
        }
    });
    origin
}

#[tokio::test]
async fn an_openid_endpoint_with_invalid_tls_is_an_outage() {
    for with_tls in [true, false] {
        let origin = server(with_tls).await;
        for name in [
            "token_endpoint",
            "jwks_uri",
            "userinfo_endpoint",
            "pushed_authorization_request_endpoint",
        ] {
            let case = format!("{name} tls: {with_tls}");
            let world = World::open(Dialect::OpenId).await;
            let patch = Fault::Merge(json!({ name: format!("{origin}/x") }));
            world.shop.provider.fail(Endpoint::Discovery, patch);
            let (page, took) = world.sign_in().await;
            assert_refused(&page, took, &case);
            world.assert_session_works(&case).await;
        }
    }
}

#[tokio::test]
async fn a_provider_with_invalid_tls_is_an_outage() {
    for with_tls in [true, false] {
        let base = server(with_tls).await;
        let clients: [Provider; 4] = [
            Oidc::new(&base, "id", "secret").into(),
            Kakao::new("id", "secret").endpoint_base(&base).into(),
            Naver::new("id", "secret").endpoint_base(&base).into(),
            Google::new("id", "secret").endpoint_base(&base).into(),
        ];
        for client in clients {
            let case = format!("{client:?} tls: {with_tls}");
            let provider = LocalProvider::start().await.unwrap();
            let shop = Shop::at(provider, client, |builder| builder.provider_timeout(LIMIT));
            let mut browser = shop.browser();
            let start = std::time::Instant::now();
            let mut page = browser.visit("/").await;
            if page.status() == 303 {
                let state = parameter(&page, "state").unwrap();
                let redirect = parameter(&page, "redirect_uri").unwrap();
                let path = redirect.strip_prefix("http://127.0.0.1:3000").unwrap();
                page = browser.visit(&format!("{path}?code=x&state={state}")).await;
            }
            assert_refused(&page, start.elapsed(), &case);
        }
    }
}
