//! `examples/gateway` as a reverse proxy, in front of an application that shows what it gets.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::Request,
    http::{
        HeaderMap, StatusCode,
        header::{CONNECTION, COOKIE, LOCATION, SET_COOKIE, UPGRADE},
    },
    response::IntoResponse,
    routing::{any, get},
};
use hyper_util::rt::TokioIo;
use reqwest::{Client, RequestBuilder, Response, redirect::Policy};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy, split},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser};
use tower_phone_auth_local_provider::{LocalProvider, Person};

#[path = "../../../examples/gateway/proxy.rs"]
mod proxy;
#[path = "../../../examples/gateway/upstream.rs"]
mod upstream;

const PHONE: &str = "+821012345678";

struct Gateway {
    address: SocketAddr,
    origin: String,
    auth: OAuthLayer,
    client: Client,
    _provider: LocalProvider,
}

impl Gateway {
    async fn open() -> Self {
        let application = listener().await;
        let address = application.local_addr().unwrap();
        serve(application, application_routes());
        Self::before(address).await
    }

    /// A gateway in front of the application at this address.
    async fn before(application: SocketAddr) -> Self {
        let (listener, local) = (listener().await, LocalProvider::start().await.unwrap());
        let address = listener.local_addr().unwrap();
        let origin = format!("http://{address}");
        let kakao = Kakao::new(local.client_id(), local.client_secret().unwrap());
        let auth = OAuthLayer::builder()
            .public_url(&origin)
            .session_key(SessionKey::random())
            .provider(kakao.endpoint_base(local.origin()))
            .public(["/open"])
            .build()
            .unwrap();
        let upstream = upstream::Upstream::new(&format!("http://{application}")).unwrap();
        serve(
            listener,
            proxy::routes(proxy::Gateway::new(auth.clone(), upstream)),
        );
        let client = Client::builder().redirect(Policy::none()).no_proxy();
        Self {
            address,
            origin,
            auth,
            client: client.build().unwrap(),
            _provider: local,
        }
    }

    fn session(&self) -> String {
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        user.cookie(&self.auth).unwrap()
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.origin))
    }

    /// A connection on which this text is sent, with a session.
    async fn sends(&self, line: &str, headers: &str) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let session = self.session();
        let head =
            format!("{line} HTTP/1.1\r\nHost: shop\r\nCookie: {session}\r\n{headers}\r\n\r\n");
        socket.write_all(head.as_bytes()).await.unwrap();
        socket
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn serve(listener: TcpListener, app: Router) {
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async { axum::serve(listener, app).await });
}

/// The application: it shows the headers, sends a body back, and has a WebSocket.
fn application_routes() -> Router {
    let echo = async |request: Request| request.into_body();
    Router::new()
        .route("/echo", any(echo))
        .route("/socket", get(socket))
        .fallback(async |headers: HeaderMap| shown(&headers))
}

fn shown(headers: &HeaderMap) -> String {
    let line = |(name, value): (_, &axum::http::HeaderValue)| {
        format!("{name}: {}\n", value.to_str().unwrap())
    };
    let mut lines: Vec<String> = headers.iter().map(line).collect();
    lines.sort();
    lines.concat()
}

/// Sends everything back that arrives after the handshake.
async fn socket(mut request: Request) -> impl IntoResponse {
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async {
        let (mut reader, mut writer) = split(TokioIo::new(upgrade.await.unwrap()));
        copy(&mut reader, &mut writer).await
    });
    let headers = [(CONNECTION, "upgrade"), (UPGRADE, "websocket")];
    (StatusCode::SWITCHING_PROTOCOLS, headers)
}

/// Reads until the text has arrived.
async fn reads(socket: &mut TcpStream, text: &str) -> String {
    let mut read = String::new();
    while !read.contains(text) {
        let mut part = [0; 1024];
        let count = timeout(Duration::from_secs(20), socket.read(&mut part));
        let count = count.await.expect(&read).unwrap();
        assert!(count > 0, "the connection ended after {read:?}");
        read.push_str(std::str::from_utf8(&part[..count]).unwrap());
    }
    read
}

fn location(response: &Response) -> &str {
    response.headers()[LOCATION].to_str().unwrap()
}

fn cookies(response: &Response) -> String {
    let lines = response.headers().get_all(SET_COOKIE).iter();
    let pairs = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap());
    pairs.collect::<Vec<_>>().join("; ")
}

const FORGED: [(&str, &str); 14] = [
    ("x-auth-phone", "+821099999999"),
    ("x_auth_phone", "+821099999999"),
    ("x-auth-subject", "99"),
    ("x-forwarded-for", "192.0.2.99"),
    ("x-forwarded-host", "other.example"),
    ("forwarded", "for=192.0.2.99"),
    // The same names to CGI and WSGI.
    ("x_forwarded_for", "192.0.2.99"),
    ("x-real-ip", "192.0.2.99"),
    // Another path or method than the one that was judged.
    ("x-original-url", "/admin/9999"),
    ("x-rewrite-url", "/admin/9999"),
    ("x-forwarded-prefix", "/9999"),
    ("x-forwarded-proto", "9999"),
    ("x-http-method-override", "x9999"),
    // Takes the headers of the gateway away at a proxy that reads this one last.
    (
        "connection",
        "x-auth-phone, X-Auth-Subject, x-forwarded-for",
    ),
];

fn forge(request: RequestBuilder) -> RequestBuilder {
    let add = |request: RequestBuilder, (name, value)| request.header(name, value);
    FORGED.into_iter().fold(request, add)
}

#[tokio::test]
async fn the_application_gets_the_user_and_nothing_that_a_browser_forged() {
    let gateway = Gateway::open().await;
    let cookie = format!("theme=dark; {}", gateway.session());
    let signed_in = forge(gateway.get("/orders")).header(COOKIE, cookie);
    let seen = signed_in.send().await.unwrap().text().await.unwrap();
    let host = gateway.address;
    for line in [
        "x-auth-phone: +821012345678\n",
        "x-auth-provider: kakao\n",
        "x-auth-subject: 1\n",
        "x-forwarded-for: 127.0.0.1\n",
        &format!("x-forwarded-host: {host}\n"),
        "cookie: theme=dark\n",
    ] {
        assert_eq!(seen.matches(line).count(), 1, "{line}{seen}");
    }
    let anonymous = forge(gateway.get("/open")).send().await.unwrap();
    let unseen = anonymous.text().await.unwrap();
    assert!(unseen.contains("x-auth-phone: \n"), "{unseen}");
    for seen in [&seen, &unseen] {
        for forged in [
            "9999",
            "192.0.2.99",
            "other.example",
            "x_auth",
            "connection",
        ] {
            assert!(!seen.contains(forged), "{forged}: {seen}");
        }
    }
}

#[tokio::test]
async fn a_user_signs_in_and_out_through_the_gateway() {
    let gateway = Gateway::open().await;
    let script = gateway.get("/orders").send().await.unwrap();
    assert_eq!(script.status(), StatusCode::UNAUTHORIZED);
    let visit = |url: &str, cookie: &str| {
        let request = gateway.client.get(url).header("accept", "text/html");
        request.header(COOKIE, cookie).send()
    };
    let page = format!("{}/orders?page=2", gateway.origin);
    let away = visit(&page, "").await.unwrap();
    let (authorize, query) = location(&away).split_once('?').unwrap();
    let person = Person::WITH_PHONE;
    let form = format!("{query}&person={person}&phone_number=yes&decision=agree");
    let agreed = gateway.client.post(authorize).body(form);
    let agreed = agreed.header("content-type", "application/x-www-form-urlencoded");
    let agreed = agreed.send().await.unwrap();
    let back = visit(location(&agreed), &cookies(&away)).await.unwrap();
    assert_eq!(location(&back), "/orders?page=2");

    let session = cookies(&back);
    let orders = visit(&page, &session).await.unwrap();
    assert_eq!(orders.headers()["cache-control"], "no-store");
    let orders = orders.text().await.unwrap();
    assert!(orders.contains(PHONE), "{orders}");
    let out = format!("{}/auth/logout", gateway.origin);
    let out = gateway.client.post(out).header(COOKIE, &session);
    let out = out.header("origin", &gateway.origin).send().await.unwrap();
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    let copied = visit(&page, &session).await.unwrap();
    assert_eq!(copied.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn bodies_are_streamed_in_both_directions() {
    let gateway = Gateway::open().await;
    let chunked = "Transfer-Encoding: chunked";
    let mut socket = gateway.sends("POST /echo", chunked).await;
    socket.write_all(b"5\r\nfirst\r\n").await.unwrap();
    // The first part comes back before the second one is sent.
    reads(&mut socket, "first").await;
    socket.write_all(b"6\r\nsecond\r\n0\r\n\r\n").await.unwrap();
    reads(&mut socket, "second").await;
}

/// The application may merge trailers into the headers, so a forged user could stand in one.
#[tokio::test]
async fn trailers_do_not_reach_the_application() {
    let application = listener().await;
    let gateway = Gateway::before(application.local_addr().unwrap()).await;
    let headers = "Transfer-Encoding: chunked\r\nTrailer: x-auth-phone\r\nTE: trailers";
    let mut browser = gateway.sends("POST /orders", headers).await;
    let body = b"4\r\nbody\r\n0\r\nX-Auth-Phone: +821099999999\r\n\r\n";
    browser.write_all(body).await.unwrap();
    let (mut upstream, _) = application.accept().await.unwrap();
    let request = reads(&mut upstream, "\r\n0\r\n").await.to_lowercase();
    let rest = match request.ends_with("\r\n\r\n") {
        true => String::new(),
        false => reads(&mut upstream, "\r\n").await.to_lowercase(),
    };
    assert!(request.contains("body"), "{request}");
    assert!(!request.contains("trailer"), "{request}");
    assert!(!(request + &rest).contains("99999999"), "{rest}");
}

const WEB_SOCKET: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13";

#[tokio::test]
async fn a_web_socket_passes_and_is_closed_after_the_sign_out() {
    let gateway = Gateway::open().await;
    let mut socket = gateway.sends("GET /socket", WEB_SOCKET).await;
    let head = reads(&mut socket, "\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    socket.write_all(b"ping").await.unwrap();
    reads(&mut socket, "ping").await;
    gateway.auth.revoke("kakao", "1").await.unwrap();
    let mut rest = [0; 8];
    let end = timeout(Duration::from_secs(20), socket.read(&mut rest));
    assert_eq!(end.await.unwrap().unwrap_or_default(), 0);
}

#[tokio::test]
async fn an_upgrade_to_another_protocol_does_not_reach_the_application() {
    let gateway = Gateway::open().await;
    let h2c = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk";
    let mut socket = gateway.sends("GET /orders", h2c).await;
    let answer = reads(&mut socket, "x-auth-phone:").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        !answer.contains("upgrade") && !answer.contains("http2-settings"),
        "{answer}"
    );
}

#[tokio::test]
async fn an_application_that_does_not_answer_is_502() {
    let closed = listener().await.local_addr().unwrap();
    let rude = listener().await;
    let hangs_up = rude.local_addr().unwrap();
    tokio::spawn(async move { while rude.accept().await.is_ok() {} });
    for application in [closed, hangs_up] {
        let gateway = Gateway::before(application).await;
        let request = gateway.get("/orders").header(COOKIE, gateway.session());
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
        assert_eq!(gateway.get("/orders").send().await.unwrap().status(), 401);
    }
}
