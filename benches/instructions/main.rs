//! Instructions and allocations that the layer adds to a request, counted by valgrind, so that load
//! on the computer changes nothing: `cargo bench --bench instructions`.
//!
//! Instructions are compared with those of the bare service and with those of opening the same
//! bytes by AES-256-GCM, in the same run. `-- --check` compares with `benches/instructions/stored.tsv`
//! and fails on a regression, `-- --update` writes that file, and `-- --profile CASE` makes a file for
//! `callgrind_annotate`.

use std::{env, process::ExitCode};

use self::cases::Case;

mod cases;
// Other benches use the rest of it.
#[allow(dead_code)]
#[path = "../signed_in/mod.rs"]
mod signed_in;
mod stored;
mod valgrind;

/// Requests before counting begins. They derive keys and fill tables.
const WARM: usize = 100;
/// Requests that are counted.
const COUNTED: usize = 1_000;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match *arguments.as_slice() {
        ["--requests", case, count] => requests(case, count.parse().expect("a number")),
        ["--profile", case, ..] => valgrind::profile(case, WARM + COUNTED),
        ["--check", ..] => return stored::check(&stored::measure()),
        ["--update", ..] => stored::write(&stored::measure()),
        // `cargo test` only checks that the bench works.
        [] => cases::ALL.iter().for_each(|case| requests(case.name, 2)),
        _ => print!("{}", stored::table(&stored::measure())),
    }
    ExitCode::SUCCESS
}

/// The requests of one case, as valgrind runs them.
fn requests(name: &str, count: usize) {
    let case = Case::named(name);
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().build().expect("a runtime starts");
    // Replies of the layer set deadlines.
    let _entered = runtime.enter();
    let mut request = (case.make)();
    (0..count).for_each(|_| request());
}
