//! A real nginx, a real Caddy and a real Envoy that ask the layer by forward authentication, set up
//! as in the guide, in front of an application that knows users by headers alone.

use std::net::SocketAddr;

use axum::Router;
use http::{HeaderMap, Method, StatusCode};
use reqwest::{Client, Response, redirect::Policy};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser, gateway::ForwardAuth};

use crate::support::{
    caddy::Caddy,
    envoy::Envoy,
    nginx::{Nginx, free_address},
};

#[path = "../../examples/gateway/checks.rs"]
mod checks;

const GUIDE: &str = include_str!("../../src/guide/gateway.md");
const ENVOY: &str = include_str!("../../src/guide/envoy.md");

/// The proxy, which ends with the value.
enum Proxy {
    Nginx { _process: Nginx },
    Caddy { _process: Caddy },
    Envoy { _process: Envoy },
}

/// A proxy in front of an application that says which user the headers name.
struct Gateway {
    _proxy: Proxy,
    origin: String,
    client: Client,
    session: String,
}

impl Gateway {
    async fn nginx() -> Self {
        Self::start(ForwardAuth::Nginx, |address, layer, application| {
            let block = block("nginx", layer, application);
            let _process = Nginx::start(address, &block, &[]);
            Proxy::Nginx { _process }
        })
        .await
    }

    async fn caddy() -> Self {
        Self::start(ForwardAuth::Caddy, |address, layer, application| {
            let block = block("caddyfile", layer, application);
            let block = block.replace("shop.example.com", &format!("http://{address}"));
            let _process = Caddy::start(address, &block);
            Proxy::Caddy { _process }
        })
        .await
    }

    async fn envoy() -> Self {
        let asks = ForwardAuth::envoy("/check");
        Self::start(asks, |address, layer, application| {
            let settings = envoy_settings(address, layer, application);
            let _process = Envoy::start(address, &settings);
            Proxy::Envoy { _process }
        })
        .await
    }

    async fn start(
        asks: ForwardAuth,
        proxy: impl FnOnce(SocketAddr, SocketAddr, SocketAddr) -> Proxy,
    ) -> Self {
        let (gateway, layer, application) = (free_address(), free_address(), free_address());
        let origin = format!("http://{gateway}");
        let session = serve_layer(layer, &origin, asks).await;
        serve(application, Router::new().fallback(named_user)).await;
        let client = Client::builder().redirect(Policy::none()).no_proxy();
        Self {
            _proxy: proxy(gateway, layer, application),
            origin,
            client: client.build().unwrap(),
            session,
        }
    }

    async fn ask(&self, method: &str, lines: &[(&str, &str)]) -> Response {
        self.ask_at(method, "/report?page=2", lines).await
    }

    async fn ask_at(&self, method: &str, path: &str, lines: &[(&str, &str)]) -> Response {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}{path}", self.origin);
        let mut request = self.client.request(method, url);
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }
}

/// The user that the headers name, in every spelling that an application may read.
async fn named_user(headers: HeaderMap) -> String {
    let mut named: Vec<String> = headers
        .iter()
        .filter(|(name, _)| name.as_str().replace('_', "-").starts_with("x-auth-"))
        .map(|(name, value)| format!("{name}={}", value.to_str().unwrap()))
        .collect();
    named.sort();
    format!("the protected page for {}", named.join(" "))
}

/// Starts the layer; the cookie of a session.
async fn serve_layer(address: SocketAddr, origin: &str, asks: ForwardAuth) -> String {
    let auth = OAuthLayer::builder()
        .public_url(origin)
        .session_key(SessionKey::random())
        .provider(Kakao::new("key", "secret"))
        .public(["/assets/{*rest}"])
        .build()
        .unwrap();
    let session = TestUser::new("+82 10-1234-5678").unwrap();
    let session = session.cookie(&auth).unwrap();
    serve(address, routes(auth, asks)).await;
    session
}

/// The program behind the proxy. Envoy asks at all paths below `/check`.
pub(crate) fn routes(auth: OAuthLayer, asks: ForwardAuth) -> Router {
    if !matches!(asks, ForwardAuth::Envoy { .. }) {
        return checks::routes(auth, asks);
    }
    let check = auth.forward_auth(asks);
    let own = Router::new().fallback(async || StatusCode::NOT_FOUND);
    Router::new()
        .route_service("/check/", check.clone())
        .route_service("/check/{*path}", check)
        .fallback_service(own.layer(auth))
}

pub(crate) async fn serve(address: SocketAddr, app: Router) {
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    tokio::spawn(async { axum::serve(listener, app).await });
}

/// A block of the guide's page, with the addresses of the test.
pub(crate) fn block(language: &str, layer: SocketAddr, application: SocketAddr) -> String {
    block_of(GUIDE, language)
        .replace("127.0.0.1:3000", &layer.to_string())
        .replace("127.0.0.1:8080", &application.to_string())
}

fn block_of<'a>(page: &'a str, language: &str) -> &'a str {
    let (_, block) = page.split_once(&format!("```{language}\n")).unwrap();
    block.split_once("```").unwrap().0
}

/// The settings of the guide's page about Envoy, with the addresses of the test.
pub(crate) fn envoy_settings(
    address: SocketAddr,
    layer: SocketAddr,
    application: SocketAddr,
) -> String {
    let port = |address: SocketAddr| format!("127.0.0.1, port_value: {}", address.port());
    block_of(ENVOY, "yaml")
        .replace("0.0.0.0, port_value: 443", &port(address))
        .replace("127.0.0.1, port_value: 3000", &port(layer))
        .replace("127.0.0.1, port_value: 8080", &port(application))
}

/// Header lines with which a browser may try to open a page, or to be another user.
const FORGED: [&[(&str, &str)]; 16] = [
    &[],
    &[("content-type", "application/grpc")],
    &[("content-type", "application/grpc"), ("te", "trailers")],
    &[("content-type", "application/grpc-web+proto")],
    &[("hx-request", "true")],
    &[("if-none-match", "*")],
    &[("range", "bytes=0-3")],
    &[("expect", "100-continue")],
    &[("x-http-method-override", "OPTIONS")],
    &[
        ("x-original-uri", "/assets/a"),
        ("x-original-method", "GET"),
    ],
    &[
        ("x-forwarded-uri", "/assets/a"),
        ("x-forwarded-method", "GET"),
    ],
    &[("x-envoy-original-path", "/assets/a")],
    &[("x-envoy-auth-partial-body", "false")],
    &IDENTITY,
    &[("sec-fetch-mode", "cors"), ("accept", "application/json")],
    &[("cookie", "phone-auth=nonsense")],
];

/// Headers with which a browser names another user, in each spelling that CGI reads as one.
const IDENTITY: [(&str, &str); 7] = [
    ("x-auth-phone", "forged"),
    ("X_Auth_Phone", "forged"),
    ("x-auth_phone", "forged"),
    ("x_auth-phone", "forged"),
    ("x-auth-phone-assurance", "forged"),
    ("x-auth-provider", "forged"),
    ("x-auth-subject", "forged"),
];

/// The checks that hold for each proxy.
impl Gateway {
    async fn passes_a_user_and_no_header_opens_a_page(&self) {
        let session = ("cookie", self.session.as_str());
        let lines: Vec<_> = IDENTITY.into_iter().chain([session]).collect();
        let answer = self.ask("GET", &lines).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let page = answer.text().await.unwrap();
        assert!(page.contains("x-auth-phone=+821012345678"), "{page}");
        assert!(page.contains("x-auth-subject=1"), "{page}");
        assert!(page.contains("x-auth-provider=kakao"), "{page}");
        assert!(!page.contains("forged"), "{page}");
        for lines in FORGED {
            for method in ["GET", "HEAD", "POST", "OPTIONS", "DELETE", "PROPFIND"] {
                let answer = self.ask(method, lines).await;
                let status = answer.status();
                // Envoy refuses a gRPC call by 200 with a status of gRPC.
                let of_grpc = answer.headers().get("grpc-status").cloned();
                let is_refused =
                    status >= StatusCode::BAD_REQUEST || of_grpc.is_some_and(|code| code != "0");
                let is_page = answer.text().await.unwrap().contains("the protected page");
                assert!(is_refused && !is_page, "{method} {lines:?}: {status}");
            }
        }
    }

    async fn passes_a_public_path_without_a_user(&self) {
        let answer = self.ask_at("GET", "/assets/a.css", &IDENTITY).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let page = answer.text().await.unwrap();
        assert!(page.contains("the protected page for"), "{page}");
        assert!(!page.contains("forged"), "{page}");
        for path in [
            "/assets/../report",
            "/assets/%2e%2e/report",
            "/assets/..%2freport",
        ] {
            let mut url = url::Url::parse(&self.origin).unwrap();
            url.set_path(path);
            let answer = self.client.get(url).send().await.unwrap();
            let (status, page) = (answer.status(), answer.text().await.unwrap());
            let is_report = page.contains("the protected page") && !path.contains("%2f");
            assert!(!is_report, "{path}: {status}");
        }
    }

    async fn sends_a_page_visit_to_the_provider(&self) {
        for visit in [
            &[("accept", "text/html")][..],
            &[
                ("accept", "text/html"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
            ],
        ] {
            let answer = self.ask("GET", visit).await;
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

    async fn refuses_requests_of_another_site(&self) {
        let session = ("cookie", self.session.as_str());
        for site in ["cross-site", "same-site"] {
            let lines = [session, ("sec-fetch-site", site)];
            let answer = self.ask("POST", &lines).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{site}");
            assert!(answer.text().await.unwrap().contains("cross_site"));
            let upgrade = [
                session,
                ("sec-fetch-site", site),
                ("connection", "upgrade"),
                ("upgrade", "websocket"),
            ];
            let answer = self.ask("GET", &upgrade).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{site}");
        }
        let here = [session, ("sec-fetch-site", "same-origin")];
        assert_eq!(self.ask("GET", &here).await.status(), StatusCode::OK);
    }

    async fn leaves_the_paths_of_the_layer_to_the_layer(&self) {
        let answer = self.ask_at("GET", "/auth/callback/kakao?code=c&state=s", &[]);
        let answer = answer.await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        assert!(answer.text().await.unwrap().contains("/auth/login"));
    }

    async fn keeps_every_rule(&self) {
        self.passes_a_user_and_no_header_opens_a_page().await;
        self.passes_a_public_path_without_a_user().await;
        self.sends_a_page_visit_to_the_provider().await;
        self.refuses_requests_of_another_site().await;
        self.leaves_the_paths_of_the_layer_to_the_layer().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_passes_users_alone_and_no_header_of_a_browser_opens_a_page() {
    Gateway::nginx().await.keeps_every_rule().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caddy_passes_users_alone_and_no_header_of_a_browser_opens_a_page() {
    Gateway::caddy().await.keeps_every_rule().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn envoy_passes_users_alone_and_no_header_of_a_browser_opens_a_page() {
    Gateway::envoy().await.keeps_every_rule().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn envoy_passes_no_request_while_the_layer_does_not_answer() {
    let [address, layer, application] = [(); 3].map(|()| free_address());
    serve(application, Router::new().fallback(named_user)).await;
    let _envoy = Envoy::start(address, &envoy_settings(address, layer, application));
    let client = Client::builder().redirect(Policy::none()).no_proxy();
    let client = client.build().unwrap();
    for path in ["/", "/assets/a.css"] {
        let answer = client.get(format!("http://{address}{path}")).send().await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(!answer.text().await.unwrap().contains("the protected page"));
    }
}
