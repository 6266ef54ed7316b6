//! A real nginx that asks an application behind the layer by `auth_request`, set up as in the
//! README.

use std::net::SocketAddr;

use axum::{Router, routing::any};
use http::{Method, StatusCode};
use reqwest::{Client, Response, redirect::Policy};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser, VerifiedUser};

use crate::support::nginx::{Nginx, free_address};

const README: &str = include_str!("../../README.md");

/// An nginx that serves a file to users whom the application knows.
struct Gateway {
    _nginx: Nginx,
    origin: String,
    client: Client,
    session: String,
}

impl Gateway {
    async fn start() -> Self {
        let (gateway, application) = (free_address(), free_address());
        let origin = format!("http://{gateway}");
        let session = serve(application, &origin).await;
        let files = [("files/report", "the protected file")];
        let nginx = Nginx::start(gateway, &server_block(application), &files);
        let client = Client::builder().redirect(Policy::none()).no_proxy();
        Self {
            _nginx: nginx,
            origin,
            client: client.build().unwrap(),
            session,
        }
    }

    async fn ask(&self, method: &str, lines: &[(&str, &str)]) -> Response {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}/report?page=2", self.origin);
        let mut request = self.client.request(method, url);
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }
}

/// Starts the application; the cookie of a session.
async fn serve(address: SocketAddr, origin: &str) -> String {
    let kakao = Kakao::new("key", "secret");
    let auth = OAuthLayer::new(kakao, origin, SessionKey::random()).unwrap();
    let session = TestUser::new("+82 10-1234-5678").unwrap();
    let session = session.cookie(&auth).unwrap();
    let checked = async |user: VerifiedUser| [("x-phone", user.phone.to_string())];
    let app = Router::new().route("/check", any(checked)).layer(auth);
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    tokio::spawn(async { axum::serve(listener, app).await });
    session
}

/// The server block of the README, with the addresses and files of the test.
fn server_block(application: SocketAddr) -> String {
    let (_, block) = README.split_once("```nginx\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    block
        .replace("http://127.0.0.1:3000", &format!("http://{application}"))
        .replace("proxy_pass http://upstream;", "root files;")
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_serves_the_file_to_a_user_and_no_header_opens_it_without_a_session() {
    let gateway = Gateway::start().await;
    let session = [("cookie", gateway.session.as_str())];
    let answer = gateway.ask("GET", &session).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.text().await.unwrap(), "the protected file");
    for lines in [
        &[][..],
        &[("content-type", "application/grpc")],
        &[("content-type", "application/grpc"), ("te", "trailers")],
        &[("content-type", "application/grpc-web+proto")],
        &[("hx-request", "true")],
        &[("if-none-match", "*")],
        &[("range", "bytes=0-3")],
        &[("expect", "100-continue")],
        &[("x-http-method-override", "OPTIONS")],
        &[
            ("x-original-uri", "/auth/login"),
            ("x-original-method", "OPTIONS"),
        ],
        &[("sec-fetch-mode", "cors"), ("accept", "application/json")],
        &[("cookie", "phone-auth=nonsense")],
    ] {
        for method in ["GET", "HEAD", "POST", "OPTIONS", "DELETE", "PROPFIND"] {
            let answer = gateway.ask(method, lines).await;
            let status = answer.status();
            let file = answer.text().await.unwrap().contains("the protected file");
            assert!(
                status >= StatusCode::BAD_REQUEST && !file,
                "{method} {lines:?}: {status}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_sends_a_page_visit_to_the_provider() {
    let gateway = Gateway::start().await;
    for visit in [
        &[("accept", "text/html")][..],
        &[
            ("accept", "text/html"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ],
    ] {
        let answer = gateway.ask("GET", visit).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let location = answer.headers()["location"].to_str().unwrap();
        assert!(
            location.starts_with("https://kauth.kakao.com/"),
            "{location}"
        );
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        assert!(cookie.starts_with("phone-auth-login-"), "{cookie}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_lets_the_layer_refuse_requests_of_another_site() {
    let gateway = Gateway::start().await;
    let session = ("cookie", gateway.session.as_str());
    for site in ["cross-site", "same-site"] {
        let lines = [session, ("sec-fetch-site", site)];
        let answer = gateway.ask("POST", &lines).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{site}");
        assert!(answer.text().await.unwrap().contains("cross_site"));
        let upgrade = [session, ("sec-fetch-site", site), ("upgrade", "websocket")];
        let answer = gateway.ask("GET", &upgrade).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{site}");
    }
    let here = [session, ("sec-fetch-site", "same-origin")];
    assert_eq!(gateway.ask("GET", &here).await.status(), StatusCode::OK);
}
