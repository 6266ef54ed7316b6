//! Memory and request time of a million live revocations: `cargo bench --bench revocation`.
//!
//! The time is the difference between two layers measured in turn, one of them without revocations.
//! The requests are of many different sessions, so that look-ups miss the processor's caches.
//! Memory is the resident size of the process on Linux.

use std::{
    convert::Infallible,
    fs,
    future::{Ready, ready},
    hint::black_box,
    sync::LazyLock,
    task::{Context, Poll, Waker},
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::COOKIE};
use http_body_util::Empty;
use tower::{Layer, Service};
use tower_phone_auth::{Clock, Kakao, OAuthLayer, SessionId, SessionKey, TestUser, VerifiedUser};

const FEW: u32 = 10_000;
const SESSIONS: usize = 20_000;
const REPETITIONS: usize = 100;
/// The time does not advance. It is that of the sessions, which count as over if they are dated
/// ahead of the layer's clock.
static NOW: LazyLock<SystemTime> = LazyLock::new(SystemTime::now);

fn main() {
    // `cargo test` runs this with fewer revocations, to check that the bench works.
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let many = if is_measured { 1_000_000 } else { 2 * FEW };
    let key = SessionKey::random();
    let bare = layer(&key);
    let cookies = cookies(&bare);
    look_up("among none", &bare);

    let sessions = layer(&key);
    let before = memory();
    for number in 0..many {
        if number == FEW {
            compare(&format!("among {FEW} sessions"), &bare, &sessions, &cookies);
        }
        done(sessions.revoke_session(made_up(number))).expect("there is no log");
    }
    println!("a revoked session takes {} bytes", each(before, many));
    look_up(&format!("among {many} sessions"), &sessions);
    compare(
        &format!("among {many} sessions"),
        &bare,
        &sessions,
        &cookies,
    );
    drop(sessions);

    let users = layer(&key);
    let before = memory();
    for number in 0..many {
        if number == FEW {
            compare(&format!("among {FEW} users"), &bare, &users, &cookies);
        }
        // Subjects of Kakao have this length.
        let subject = (4_000_000_000 + u64::from(number)).to_string();
        done(users.revoke("kakao", &subject)).expect("kakao is known");
    }
    println!("a revoked user takes {} bytes", each(before, many));
    look_up(&format!("among {many} users"), &users);
    compare(&format!("among {many} users"), &bare, &users, &cookies);
}

fn layer(key: &SessionKey) -> OAuthLayer {
    let builder = OAuthLayer::builder()
        .public_url("http://127.0.0.1:3000")
        .session_key(key.clone())
        .clock(Clock::new(|| *NOW))
        .provider(Kakao::new("key", "secret"));
    builder.build().expect("the settings are right")
}

fn cookies(layer: &OAuthLayer) -> Vec<HeaderValue> {
    let cookie = |number: usize| {
        let user = TestUser::new("+82 10-1234-5678").expect("the number is valid");
        let user = user.with(|user| user.subject = number.to_string().into());
        let cookie = user.cookie(layer).expect("the layer knows kakao");
        HeaderValue::from_str(&cookie).expect("a cookie is text")
    };
    (0..SESSIONS).map(cookie).collect()
}

/// Ids that differ from every random id.
fn made_up(number: u32) -> SessionId {
    let spread = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    format!("{spread:032x}").parse().expect("32 digits")
}

/// Looks up sessions that were not revoked, one after the other. As in a request, the session and
/// the clock have just been read.
fn look_up(label: &str, layer: &OAuthLayer) {
    let user = TestUser::new("+82 10-1234-5678").expect("the number is valid");
    let user = |number: u32| {
        let id = made_up(number.wrapping_add(2_000_000_000));
        let change = |user: &mut VerifiedUser| user.subject = number.to_string().into();
        user.clone().session_id(id).with(change).user()
    };
    let count = u32::try_from(SESSIONS).expect("they are few");
    let users: Vec<_> = (0..count).map(user).collect();
    let times = (0..REPETITIONS).map(|_| {
        let chunks = users.chunks(50).map(|users| {
            users
                .iter()
                .for_each(|user| assert!(*user.subject != *user.provider));
            let began = Instant::now();
            let ended = users.iter().filter(|user| layer.has_ended(user)).count();
            assert_eq!(black_box(ended), 0);
            began.elapsed()
        });
        chunks.sum::<Duration>() / count
    });
    println!("has_ended {label}: {:?}", median(times.collect()));
}

/// Medians of alternating measurements, so that other load affects both layers alike.
fn compare(label: &str, bare: &OAuthLayer, full: &OAuthLayer, cookies: &[HeaderValue]) {
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for repetition in 0..REPETITIONS {
        let chunk = SESSIONS / 10;
        let cookies = &cookies[(repetition % 10) * chunk..][..chunk];
        without.push(time(bare, cookies));
        with.push(time(full, cookies));
    }
    let (without, with) = (median(without), median(with));
    let more = with.saturating_sub(without);
    println!("look-up {label}: {more:?} more in a request ({without:?}, {with:?})");
}

fn time(layer: &OAuthLayer, cookies: &[HeaderValue]) -> Duration {
    let mut service = layer.layer(App);
    let request = |cookie: &HeaderValue| {
        let request = Request::get("/").header(COOKIE, cookie.clone());
        request
            .body(Empty::<Bytes>::new())
            .expect("it is well-formed")
    };
    let requests: Vec<_> = cookies.iter().map(request).collect();
    let count = u32::try_from(requests.len()).expect("they are few");
    let began = Instant::now();
    for request in requests {
        let passed = done(service.call(request)).is_ok_and(|response| response.status() == 200);
        assert!(black_box(passed));
    }
    began.elapsed() / count
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[derive(Clone)]
struct App;

impl Service<Request<Empty<Bytes>>> for App {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Empty<Bytes>>) -> Self::Future {
        ready(Ok(Response::new(())))
    }
}

fn done<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("nothing here waits"),
    }
}

/// Resident memory in bytes; 0 on systems other than Linux.
fn memory() -> usize {
    let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let resident = pages
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<usize>().ok());
    resident.unwrap_or(0) * 4096
}

fn each(before: usize, count: u32) -> usize {
    memory().saturating_sub(before) / count as usize
}
