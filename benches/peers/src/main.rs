//! Cost that a sign-in layer adds to a request of an axum application: this crate and its peers in
//! one run. `cargo run --release --manifest-path benches/peers/Cargo.toml` measures times, and
//! `-- --instructions` counts instructions by valgrind.

use std::{
    env,
    hint::black_box,
    pin::pin,
    process::{Command, Stdio},
    task::{Context, Poll, Waker},
    time::Instant,
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{
        HeaderValue,
        header::{COOKIE, SET_COOKIE},
    },
    response::Response,
    routing::get,
};
use http_body_util::Limited;
use tokio::runtime::{self, Runtime};
use tower::{Service, ServiceExt, util::MapResponseLayer};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser, VerifiedUser};

mod axum_login;
mod axum_oidc;
mod axum_oidc_client;
mod tower_sessions_alone;

/// Requests that each application answers in each round.
const REQUESTS: usize = 500;
const ROUNDS: usize = 20;
const RUNS: usize = 10;

type Make = fn(&Runtime) -> App;
type Wrap = fn(Response) -> Response<Limited<Body>>;

/// The applications, with the same page. The others are compared with the first one, and the peers
/// with the third one.
const ALL: [(&str, Make); 8] = [
    ("bare axum", |_| {
        App::of(Router::new().route("/", get(async || "hello")))
    }),
    ("an empty layer", |_| {
        App::of(
            Router::new()
                .route("/", get(async || "hello"))
                .layer(empty()),
        )
    }),
    ("tower-phone-auth", |_| ours()),
    ("tower-sessions", |runtime| {
        runtime.block_on(tower_sessions_alone::app())
    }),
    ("axum-login", |runtime| {
        runtime.block_on(axum_login::plain())
    }),
    ("axum-login, private cookie", |runtime| {
        runtime.block_on(axum_login::private())
    }),
    ("axum-oidc-client", |runtime| {
        runtime.block_on(axum_oidc_client::app())
    }),
    ("axum-oidc", |runtime| runtime.block_on(axum_oidc::app())),
];

/// An application with the cookie of a signed-in user.
pub struct App {
    router: Router,
    cookie: String,
}

fn main() {
    let mut runtime = runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().expect("a runtime starts");
    let _entered = runtime.enter();
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["--instructions"] => table("instructions", ALL.map(|(name, _)| instructions(name))),
        ["--requests", name] => {
            let app = ALL.iter().find(|(known, _)| *known == name);
            let mut app = app.expect("an application has this name").1(&runtime);
            // The first ones fill tables.
            let (first, counted) = (app.requests(), app.requests());
            app.answer(first);
            app.answer_counted(counted);
        }
        _ => table("ns", times(ALL.map(|(_, make)| make(&runtime)))),
    }
}

impl App {
    /// An application that looks for no cookie.
    fn of(router: Router) -> Self {
        let cookie = "a=b".to_owned();
        Self { router, cookie }
    }

    /// An application that signs a user in by a POST to `path`.
    async fn signed_in_by(router: Router, path: &str) -> Self {
        let request = Request::post(path).body(Body::empty());
        let request = request.expect("it is well-formed");
        let answer = router.clone().oneshot(request).await;
        let answer = answer.expect("a router cannot fail");
        let cookie = pair(&answer.headers()[SET_COOKIE]);
        Self { router, cookie }
    }

    fn requests(&self) -> Vec<Request> {
        let cookies = format!("theme=dark; {}; visited=2026-01-01", self.cookie);
        let request = || {
            let request = Request::get("/").header("accept", "text/html");
            let request = request.header(COOKIE, &cookies).body(Body::empty());
            request.expect("it is well-formed")
        };
        (0..REQUESTS).map(|_| request()).collect()
    }

    fn answer(&mut self, requests: Vec<Request>) {
        for request in requests {
            let mut answer = pin!(self.router.call(request));
            let mut context = Context::from_waker(Waker::noop());
            match answer.as_mut().poll(&mut context) {
                Poll::Ready(answer) => assert!(black_box(answer).is_ok_and(|a| a.status() == 200)),
                Poll::Pending => unreachable!("nothing here waits"),
            }
        }
    }

    /// A function of its own, so that valgrind finds it.
    #[inline(never)]
    fn answer_counted(&mut self, requests: Vec<Request>) {
        self.answer(requests);
    }
}

fn ours() -> App {
    let (kakao, key) = (Kakao::new("key", "secret"), SessionKey::random());
    let auth = OAuthLayer::new(kakao, "http://127.0.0.1:3000", key);
    let auth = auth.expect("the settings are right");
    // The same user as in `benches/overhead.rs`.
    let user = TestUser::new("+82 10-1234-5678").expect("the number is valid");
    let user = user
        .with(|user| user.subject = "1376016924429759228".into())
        .name("김지우")
        .email("jiwoo@example.com", true);
    let cookie = user.cookie(&auth).expect("the layer knows kakao");
    let router = Router::new().route("/", get(greet)).layer(auth);
    App { router, cookie }
}

async fn greet(user: VerifiedUser) -> &'static str {
    black_box(user);
    "hello"
}

/// A layer that only changes the type of the response body, as every layer with own answers must.
fn empty() -> MapResponseLayer<Wrap> {
    MapResponseLayer::new(|response: Response| response.map(|body| Limited::new(body, usize::MAX)))
}

/// Name and value of a cookie.
fn pair(set: &HeaderValue) -> String {
    let cookie = set.to_str().expect("a cookie is text");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

/// Nanoseconds of a request: of each run the tenth percentile of all rounds, and of all runs the
/// median. The applications take turns.
fn times<const N: usize>(mut apps: [App; N]) -> [f64; N] {
    let runs: Vec<[f64; N]> = (0..RUNS)
        .map(|_| {
            let rounds: Vec<[f64; N]> = (0..ROUNDS).map(|_| apps.each_mut().map(time)).collect();
            at(&rounds, ROUNDS / 10)
        })
        .collect();
    at(&runs, RUNS / 2)
}

fn time(app: &mut App) -> f64 {
    let requests = app.requests();
    let begun = Instant::now();
    app.answer(requests);
    begun.elapsed().as_nanos() as f64 / REQUESTS as f64
}

/// The value at this place in the order of the values, for each application.
fn at<const N: usize>(all: &[[f64; N]], place: usize) -> [f64; N] {
    std::array::from_fn(|app| {
        let mut values: Vec<f64> = all.iter().map(|values| values[app]).collect();
        values.sort_by(f64::total_cmp);
        values[place]
    })
}

/// Instructions of a request.
fn instructions(name: &str) -> f64 {
    let program = env::current_exe().expect("this program has a path");
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=*answer_counted*")
        .arg(program)
        .args(["--requests", name])
        .stdout(Stdio::null())
        .output()
        .expect("valgrind is installed (apt-get install valgrind)");
    let written = String::from_utf8_lossy(&run.stderr);
    let (_, counted) = written
        .split_once("Collected : ")
        .unwrap_or_else(|| panic!("{name}: {written}"));
    let digits: String = counted.chars().take_while(char::is_ascii_digit).collect();
    digits.parse::<f64>().expect("digits are a number") / REQUESTS as f64
}

fn table<const N: usize>(unit: &str, costs: [f64; N]) {
    let (bare, ours) = (costs[0], costs[2] - costs[0]);
    println!("| layer | {unit} over bare axum ({bare:.0}) | as a multiple of ours |");
    println!("|---|---|---|");
    for ((name, _), cost) in ALL.iter().zip(costs).skip(1) {
        let over = cost - bare;
        println!("| {name} | {over:.0} | {:.1} |", over / ours);
    }
}
