//! A number that is known takes the same way as one that is not, so that no time tells them apart.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime},
};

use http::StatusCode;
use tower_phone_auth::{
    PhoneNumber,
    phone_step::{CodeSender, KnownNumbers, Message, PhoneLimits, PhoneStep, SendError},
    provider::{BoxFuture, HttpClient},
};

use super::kit::{begin, code, number};
use crate::support::{
    browser::{Browser, Page, location, text},
    shop::Shop,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A sender and a store of the application that note each call in one list. The store has some
/// numbers of other users.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Noted>>);

#[derive(Default)]
struct Noted {
    calls: Vec<&'static str>,
    code: String,
    numbers: Vec<PhoneNumber>,
}

impl Calls {
    fn note(&self, call: &'static str) {
        self.0.lock().unwrap().calls.push(call);
    }

    /// The calls since the last time.
    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.0.lock().unwrap().calls)
    }

    fn code(&self) -> String {
        self.0.lock().unwrap().code.clone()
    }
}

impl CodeSender for Calls {
    fn send<'a>(
        &'a self,
        _: &'a dyn HttpClient,
        message: Message<'a>,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        self.note("send");
        message.code.clone_into(&mut self.0.lock().unwrap().code);
        Box::pin(async { Ok(()) })
    }

    fn is_for_development(&self) -> bool {
        true
    }
}

impl KnownNumbers for Calls {
    fn get<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
    ) -> BoxFuture<'a, Result<Option<(PhoneNumber, SystemTime)>, Failure>> {
        self.note("get");
        Box::pin(async { Ok(None) })
    }

    fn put<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        number: PhoneNumber,
        _: SystemTime,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        self.note("put");
        let mut noted = self.0.lock().unwrap();
        noted.numbers.retain(|known| *known != number);
        noted.numbers.push(number);
        Box::pin(async { Ok(()) })
    }

    fn forget<'a>(&'a self, _: &'a str, _: &'a str) -> BoxFuture<'a, Result<(), Failure>> {
        self.note("forget");
        Box::pin(async { Ok(()) })
    }
}

async fn shop() -> (Shop, Calls) {
    let calls = Calls::default();
    let many = 1_000_000;
    let limits = PhoneLimits::new().person(many).address(many);
    let limits = limits.prefix(many).total(many);
    let step = PhoneStep::new(calls.clone()).site_name("Shop");
    let step = step.limits(limits).known_numbers(calls.clone());
    let shop = Shop::with(|kakao| kakao, |builder| builder.phone_step(step)).await;
    (shop, calls)
}

/// A browser in a new step. The waits of earlier steps are over.
async fn at_the_number(shop: &Shop, calls: &Calls) -> Browser {
    shop.time.pass(Duration::from_secs(61));
    let mut browser = shop.browser();
    begin(&mut browser, "/").await;
    calls.take();
    browser
}

/// Confirms a number, which then is known to the limits, to the application, and to a session.
async fn make_known(shop: &Shop, calls: &Calls, typed: &str) {
    let mut browser = at_the_number(shop, calls).await;
    number(&mut browser, typed).await;
    let page = code(&mut browser, &calls.code()).await;
    assert_eq!(page.status(), StatusCode::SEE_OTHER, "{}", text(&page));
}

fn numbered(block: u32, index: u32) -> String {
    format!("010-{block:04}-{index:04}")
}

#[tokio::test]
async fn known_and_unknown_numbers_cause_the_same_calls_in_the_same_order() {
    let (shop, calls) = shop().await;
    make_known(&shop, &calls, &numbered(2345, 1)).await;
    let mut ways = Vec::new();
    for typed in [numbered(2345, 1), numbered(6789, 1)] {
        let mut browser = at_the_number(&shop, &calls).await;
        number(&mut browser, &typed).await;
        let typed = calls.take();
        code(&mut browser, "000000").await;
        let guessed = calls.take();
        code(&mut browser, &calls.code()).await;
        ways.push([typed, guessed, calls.take()]);
    }
    assert_eq!(ways[0], [vec!["send"], vec![], vec!["put"]]);
    assert_eq!(ways[0], ways[1]);
}

/// The time of one answer. The sender answers at once, so that the layer alone takes time.
async fn timed(shop: &Shop, calls: &Calls, typed: &str) -> Duration {
    let mut browser = at_the_number(shop, calls).await;
    let began = Instant::now();
    let page: Page = number(&mut browser, typed).await;
    let time = began.elapsed();
    assert_eq!(location(&page), "/auth/phone/code", "{}", text(&page));
    time
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[tokio::test]
async fn known_and_unknown_numbers_are_answered_in_the_same_time() {
    const PAIRS: u32 = 100;
    const KNOWN: u32 = 20;
    let (shop, calls) = shop().await;
    for index in 0..KNOWN {
        make_known(&shop, &calls, &numbered(2345, index)).await;
    }
    let mut times = [Vec::new(), Vec::new()];
    for index in 0..PAIRS {
        // In turn, so that load of the machine reaches both alike.
        for turn in 0..2 {
            let kind = usize::from((index % 2 == 0) == (turn == 0));
            let typed = match kind {
                0 => numbered(2345, index % KNOWN),
                _ => numbered(6789, index),
            };
            times[kind].push(timed(&shop, &calls, &typed).await);
        }
    }
    let [known, unknown] = times.map(median);
    println!("median of a known number {known:?}, of an unknown one {unknown:?}");
    assert!(known < unknown * 3, "{known:?} and {unknown:?}");
    assert!(unknown < known * 3, "{known:?} and {unknown:?}");
}
