//! Time that the layer adds to a request of a signed-in user, against the size of what it has to
//! look at: `cargo bench --bench growth`. It prints a table and writes `benches/growth.svg`.
//!
//! All sizes of a row take turns. A time is the tenth percentile of the rounds, less that of the
//! bare service with the same request.

mod chart;
mod rows;

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use tower::Layer;
use tower_phone_auth::OAuthLayer;

use self::{
    rows::{Row, rows},
    signed_in::{Bare, poll},
};

// The other benches use the rest.
#[allow(dead_code)]
#[path = "../signed_in/mod.rs"]
mod signed_in;

const REQUESTS: u32 = 200;

/// The layer, and the `Cookie` header of the request.
pub(crate) struct Case {
    layer: OAuthLayer,
    cookies: String,
}

fn main() {
    // `cargo test` runs this with few rounds, to check that the bench works.
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let rounds = if is_measured { 300 } else { 1 };
    let mut measured = Vec::new();
    for row in rows(is_measured) {
        let times = measure(&row, rounds);
        for (size, time) in row.sizes.iter().zip(&times) {
            println!("{:22} {size:>9} {:>6} ns", row.name, time.as_nanos());
        }
        measured.push((row.name, row.sizes, times));
    }
    if is_measured {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/growth.svg");
        std::fs::write(path, chart::svg(&measured)).expect("benches/ is writable");
        println!("written: benches/growth.svg");
    }
}

/// Time over the bare service, for each size.
fn measure(row: &Row, rounds: usize) -> Vec<Duration> {
    let mut times = vec![(Vec::new(), Vec::new()); row.cases.len()];
    for _ in 0..rounds {
        for (case, (bare, with)) in row.cases.iter().zip(&mut times) {
            bare.push(time(Bare, &case.cookies));
            with.push(time(case.layer.layer(Bare), &case.cookies));
        }
    }
    let over = |(bare, with)| least(with).saturating_sub(least(bare));
    times.into_iter().map(over).collect()
}

fn time<S>(mut service: S, cookies: &str) -> Duration
where
    S: tower::Service<rows::Request>,
{
    let requests: Vec<_> = (0..REQUESTS).map(|_| rows::request(cookies)).collect();
    let begun = Instant::now();
    for request in requests {
        assert!(black_box(poll(service.call(request)).is_ok()));
    }
    begun.elapsed() / REQUESTS
}

/// The tenth percentile.
fn least(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 10).copied().unwrap_or_default()
}
