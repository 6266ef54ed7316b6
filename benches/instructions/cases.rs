//! The requests that are counted.

use std::{
    array,
    hint::black_box,
    sync::LazyLock,
    time::{Duration, SystemTime},
};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use axum::{Router, body::Body, routing::get};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::COOKIE};
use http_body_util::Empty;
use tower::{Layer, Service};
use tower_phone_auth::{Clock, Kakao, OAuthLayer, SessionKey, VerifiedUser, layer::AuthService};

use super::signed_in::{Bare, cookie, poll};

/// A request that is counted.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) over: Over,
    /// Makes the function that sends one request.
    pub(crate) make: fn() -> Box<dyn FnMut()>,
}

/// The base that a case is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// It is the opening of the session's bytes itself.
    Aes,
    /// It is the bare service on tower itself.
    BareTower,
    /// It is the bare router of axum itself.
    BareAxum,
    Tower,
    Axum,
}

pub(crate) const ALL: [Case; 15] = [
    case("aes", Over::Aes, aes),
    case("bare-tower", Over::BareTower, || {
        tower(Bare, "/", "a=b", 200)
    }),
    case("bare-axum", Over::BareAxum, || {
        axum(router(), "/", "a=b", 200)
    }),
    case("signed-in", Over::Tower, || with_others(0)),
    case("signed-in-1-other-cookie", Over::Tower, || with_others(1)),
    case("signed-in-30-other-cookies", Over::Tower, || {
        with_others(30)
    }),
    case("retired-key", Over::Tower, retired_key),
    case("expired", Over::Tower, expired),
    case("public-path", Over::Tower, || {
        tower(layered(), "/healthz", "a=b", 200)
    }),
    case("401", Over::Tower, || fetch("a=b")),
    case("303", Over::Tower, || tower(layered(), "/", "a=b", 303)),
    case("axum-router-layer", Over::Axum, || {
        axum(
            router().layer(layer(&key(1), now())),
            "/",
            &signed_in(),
            200,
        )
    }),
    case("axum-around-the-router", Over::Axum, || {
        axum(
            layer(&key(1), now()).layer(router()),
            "/",
            &signed_in(),
            200,
        )
    }),
    case("axum-extractor", Over::Axum, || {
        let router =
            Router::new().route("/", get(async |user: VerifiedUser| drop(black_box(user))));
        axum(router.layer(layer(&key(1), now())), "/", &signed_in(), 200)
    }),
    case("axum-public-path", Over::Axum, || {
        axum(
            router().layer(layer(&key(1), now())),
            "/healthz",
            "a=b",
            200,
        )
    }),
];

const fn case(name: &'static str, over: Over, make: fn() -> Box<dyn FnMut()>) -> Case {
    Case { name, over, make }
}

impl Case {
    pub(crate) fn named(name: &str) -> &'static Self {
        static CASES: [Case; 15] = ALL;
        let case = CASES.iter().find(|case| case.name == name);
        case.expect("a case has this name")
    }
}

/// The time does not advance. It is that of the sessions.
fn now() -> SystemTime {
    static NOW: LazyLock<SystemTime> = LazyLock::new(SystemTime::now);
    *NOW
}

/// Fixed keys, so that every run does the same.
fn key(seed: u8) -> SessionKey {
    let bytes = array::from_fn(|nth| (nth as u8).wrapping_mul(37) ^ seed);
    SessionKey::from_bytes(bytes).expect("the key is long enough")
}

fn layer(key: &SessionKey, now: SystemTime) -> OAuthLayer {
    let layer = OAuthLayer::builder()
        .public_url("http://127.0.0.1:3000")
        .session_key(key.clone())
        .clock(Clock::new(move || now))
        .provider(Kakao::new("key", "secret"))
        .public(["/healthz"]);
    layer.build().expect("the settings are right")
}

/// The cookie of a user who signed in now.
fn signed_in() -> String {
    cookie(&layer(&key(1), now()))
}

fn aes() -> Box<dyn FnMut()> {
    let unbound = UnboundKey::new(&AES_256_GCM, &[7; 32]).expect("the key has 32 bytes");
    let key = LessSafeKey::new(unbound);
    let (name, value) = signed_in()
        .split_once('=')
        .map(|(n, v)| (n.to_owned(), v.len()))
        .expect("a cookie has a value");
    // Version, id, day and nonce are not encrypted.
    let mut sealed = vec![0; value * 3 / 4 - 19 - 16];
    let nonce = || Nonce::assume_unique_for_key([3; 12]);
    key.seal_in_place_append_tag(nonce(), Aad::from(name.as_bytes()), &mut sealed)
        .expect("AES works");
    Box::new(move || {
        let mut buffer = [0; 512];
        let buffer = &mut buffer[..sealed.len()];
        buffer.copy_from_slice(&sealed);
        black_box(
            key.open_in_place(nonce(), Aad::from(name.as_bytes()), buffer)
                .is_ok(),
        );
    })
}

/// The bare service behind the layer.
fn layered() -> AuthService<Bare> {
    layer(&key(1), now()).layer(Bare)
}

/// A session among cookies of the application.
fn with_others(number: usize) -> Box<dyn FnMut()> {
    let others = (0..number).map(|nth| format!("cookie-of-the-application-{nth}=a-value-of-{nth}"));
    let cookies: Vec<_> = others.chain([signed_in()]).collect();
    tower(layered(), "/", &cookies.join("; "), 200)
}

/// A session that the second key opens, and that is sealed anew.
fn retired_key() -> Box<dyn FnMut()> {
    let service = layer(&key(2).and(key(1)), now()).layer(Bare);
    tower(service, "/", &signed_in(), 200)
}

/// A session a year later.
fn expired() -> Box<dyn FnMut()> {
    let later = now() + Duration::from_secs(365 * 24 * 60 * 60);
    let service = layer(&key(1), later).layer(Bare);
    send(service, &signed_in(), "*/*", Empty::<Bytes>::new, "/", 401)
}

/// A request of a script.
fn fetch(cookies: &str) -> Box<dyn FnMut()> {
    send(layered(), cookies, "*/*", Empty::<Bytes>::new, "/", 401)
}

fn router() -> Router {
    let routes = Router::new().route("/", get(async || {}));
    routes.route("/healthz", get(async || {}))
}

fn tower<S, R>(service: S, path: &'static str, cookies: &str, status: u16) -> Box<dyn FnMut()>
where
    S: Service<Request<Empty<Bytes>>, Response = Response<R>> + 'static,
{
    send(service, cookies, "text/html", Empty::new, path, status)
}

fn axum<S, R>(service: S, path: &'static str, cookies: &str, status: u16) -> Box<dyn FnMut()>
where
    S: Service<Request<Body>, Response = Response<R>> + 'static,
{
    send(service, cookies, "text/html", Body::empty, path, status)
}

/// Sends one request and checks the status of the response.
fn send<S, B, R>(
    mut service: S,
    cookies: &str,
    accept: &'static str,
    body: fn() -> B,
    path: &'static str,
    status: u16,
) -> Box<dyn FnMut()>
where
    S: Service<Request<B>, Response = Response<R>> + 'static,
    B: 'static,
{
    let cookies = HeaderValue::from_str(cookies).expect("cookies are text");
    Box::new(move || {
        let request = Request::get(path)
            .header(COOKIE, cookies.clone())
            .header("accept", accept);
        let request = request.body(body()).expect("it is well-formed");
        let response = poll(service.call(request));
        assert!(response.is_ok_and(|response| black_box(response).status() == status));
    })
}
