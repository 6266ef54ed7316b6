//! Allocations of a request of a signed-in user: `cargo bench --bench allocations`.

use divan::{AllocProfiler, Bencher};
use tower::Layer;

use self::signed_in::{Bare, cookie, layer, request, run};

mod signed_in;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    let cookie = cookie(&layer());
    println!(
        "session cookie: {} characters, its name included",
        cookie.len()
    );
    divan::main();
}

#[divan::bench]
fn bare_service(bencher: Bencher<'_, '_>) {
    let cookie = cookie(&layer());
    run(bencher, Bare, || request("/", &cookie));
}

#[divan::bench]
fn signed_in_user(bencher: Bencher<'_, '_>) {
    let layer = layer();
    let cookie = cookie(&layer);
    run(bencher, layer.layer(Bare), || request("/", &cookie));
}
