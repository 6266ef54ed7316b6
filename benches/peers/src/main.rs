//! Time that a sign-in layer adds to a request of an axum application: this crate and axum-login in
//! one run. `cargo run --release --manifest-path benches/peers/Cargo.toml`

use std::{
    hint::black_box,
    pin::pin,
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use axum::{
    Router, body::Body, extract::Request, http::header::COOKIE, response::Response, routing::get,
};
use http_body_util::Limited;
use tower::{Service, util::MapResponseLayer};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser, VerifiedUser};

mod peer;

/// Requests that each application answers in each repetition.
const REQUESTS: usize = 10_000;
const ROUNDS: usize = 41;

fn main() {
    let auth = OAuthLayer::new(
        Kakao::new("key", "secret"),
        "http://127.0.0.1:3000",
        SessionKey::random(),
    )
    .expect("the settings are right");
    let cookie = cookie(&auth);
    let ours = Router::new().route("/", get(greet)).layer(auth);
    let (theirs, their_cookie) = peer::signed_in();
    let bare = Router::new().route("/", get(async || "hello"));

    let empty = Router::new()
        .route("/", get(async || "hello"))
        .layer(empty());

    let mut apps = [
        (bare, cookie.clone()),
        (empty, cookie.clone()),
        (ours, cookie),
        (theirs, their_cookie),
    ];
    let mut rounds: Vec<[Duration; 4]> = (0..ROUNDS)
        .map(|_| apps.each_mut().map(|(app, cookie)| time(app, cookie)))
        .collect();
    let bare = median(&mut rounds, |[bare, ..]| *bare);
    let mut more = |nth: usize| median(&mut rounds, |times| times[nth].saturating_sub(times[0]));
    let (empty, ours, theirs) = (more(1), more(2), more(3));
    println!("bare axum          {bare:>6} ns a request");
    println!("an empty layer    +{empty:>6} ns");
    println!("tower-phone-auth  +{ours:>6} ns");
    println!("axum-login        +{theirs:>6} ns");
    println!("ratio              {:>6.1}", theirs as f64 / ours as f64);
}

/// A layer that only changes the type of the response body, as every layer with own answers must.
fn empty() -> MapResponseLayer<fn(Response) -> Response<Limited<Body>>> {
    MapResponseLayer::new(|response: Response| response.map(|body| Limited::new(body, usize::MAX)))
}

async fn greet(user: VerifiedUser) -> &'static str {
    black_box(user);
    "hello"
}

/// The same user as in `benches/overhead.rs`.
fn cookie(auth: &OAuthLayer) -> String {
    let user = TestUser::new("+82 10-1234-5678").expect("the number is valid");
    let user = user
        .with(|user| user.subject = "1376016924429759228".into())
        .name("김지우")
        .email("jiwoo@example.com", true);
    user.cookie(auth).expect("the layer knows kakao")
}

fn time(app: &mut Router, cookie: &str) -> Duration {
    let requests: Vec<Request> = (0..REQUESTS).map(|_| request(cookie)).collect();
    let begun = Instant::now();
    for request in requests {
        let mut answer = pin!(app.call(request));
        let mut context = Context::from_waker(Waker::noop());
        match answer.as_mut().poll(&mut context) {
            Poll::Ready(answer) => assert!(black_box(answer).is_ok_and(|a| a.status() == 200)),
            Poll::Pending => unreachable!("nothing here waits"),
        }
    }
    begun.elapsed()
}

fn request(cookie: &str) -> Request {
    let request = Request::get("/")
        .header("accept", "text/html")
        .header(COOKIE, format!("theme=dark; {cookie}; visited=2026-01-01"));
    request.body(Body::empty()).expect("it is well-formed")
}

/// Nanoseconds for each request.
fn median(rounds: &mut [[Duration; 4]], of: impl Fn(&[Duration; 4]) -> Duration) -> u128 {
    rounds.sort_by_key(&of);
    of(&rounds[ROUNDS / 2]).as_nanos() / REQUESTS as u128
}
