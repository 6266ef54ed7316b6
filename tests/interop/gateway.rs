//! A real nginx whose `auth_request` asks an application behind the layer, set up as the README says.

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use axum::{Router, routing::any};
use http::{Method, StatusCode};
use reqwest::{Client, Response, redirect::Policy};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser, VerifiedUser};

/// The README's own lines.
const README: &str = include_str!("../../README.md");

/// An nginx in front of a file, and the application that it asks.
struct Gateway {
    process: Child,
    folder: PathBuf,
    origin: String,
    client: Client,
    session: String,
}

impl Gateway {
    async fn start() -> Self {
        let (gateway, application) = (free(), free());
        let origin = format!("http://{gateway}");
        let session = serve(application, &origin).await;
        let folder = std::env::temp_dir().join(format!("phone-auth-nginx-{}", gateway.port()));
        fs::create_dir_all(folder.join("files")).unwrap();
        fs::write(folder.join("files/report"), "the protected file").unwrap();
        fs::write(folder.join("nginx.conf"), settings(gateway, application)).unwrap();
        let nginx = Command::new("nginx")
            .arg("-p")
            .arg(&folder)
            .args(["-e", "errors", "-c", "nginx.conf"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn();
        let process = nginx.unwrap_or_else(|error| panic!("nginx: {error}; `.ci/run` installs it"));
        let began = Instant::now();
        while TcpStream::connect(gateway).is_err() {
            let patience = Duration::from_secs(180);
            assert!(began.elapsed() < patience, "nginx does not listen");
            std::thread::yield_now();
        }
        let client = Client::builder().redirect(Policy::none()).no_proxy();
        Self {
            process,
            folder,
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

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The application listens; a session of it.
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

/// The server block of the README, with addresses and files of the test.
fn settings(gateway: SocketAddr, application: SocketAddr) -> String {
    let (_, block) = README.split_once("```nginx\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let block = block
        .replace("http://127.0.0.1:3000", &format!("http://{application}"))
        .replace("proxy_pass http://upstream;", "root files;");
    format!(
        "daemon off; master_process off; pid pid; events {{}}
         http {{ access_log off;
         client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
         server {{ listen {gateway}; {block} }} }}"
    )
}

fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_serves_the_file_to_a_user_and_no_header_opens_it_to_anyone_else() {
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
async fn nginx_lets_the_layer_refuse_what_another_site_sends() {
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
