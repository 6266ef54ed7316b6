//! Time that the layer adds to a request of a signed-in user, compared with the bare service in the
//! same run: `cargo bench --bench overhead`. Another bench counts allocations, because counting
//! takes time.

use divan::Bencher;
use tower::Layer;

use self::signed_in::{Bare, cookie, layer, request, run};

mod signed_in;

fn main() {
    divan::main();
}

#[divan::bench(sample_size = 500)]
fn bare_service(bencher: Bencher<'_, '_>) {
    let cookie = cookie(&layer());
    run(bencher, Bare, || request("/", &cookie));
}

#[divan::bench(sample_size = 500)]
fn signed_in_user(bencher: Bencher<'_, '_>) {
    let layer = layer();
    let cookie = cookie(&layer);
    run(bencher, layer.layer(Bare), || request("/", &cookie));
}

#[divan::bench(sample_size = 500)]
fn public_path_without_session(bencher: Bencher<'_, '_>) {
    run(bencher, layer().layer(Bare), || request("/healthz", "a=b"));
}

#[divan::bench(sample_size = 500)]
fn forged_cookie(bencher: Bencher<'_, '_>) {
    let layer = layer();
    let cookie = cookie(&layer).replace('A', "B");
    run(bencher, layer.layer(Bare), || request("/healthz", &cookie));
}
