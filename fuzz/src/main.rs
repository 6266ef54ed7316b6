//! Runs the targets without a fuzzer: every seed, then mutations of the seeds, the same in each
//! run.
//!
//! `cargo run -- [--mutations N] [TARGET…]`, or `cargo run -- TARGET FILE` for one input.

use std::{
    env, fs,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
    time::{Duration, Instant},
};

use fastrand::Rng;
use tower_phone_auth_fuzz::{TARGETS, Target, mutate::mutation};

const MUTATIONS: usize = 10_000;
/// The longest time for one input, on a computer with other load.
const SLOWEST: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let mut mutations = MUTATIONS;
    let mut names = Vec::new();
    let mut given = env::args().skip(1);
    while let Some(argument) = given.next() {
        if argument == "--mutations" {
            let number = given.next().and_then(|number| number.parse().ok());
            mutations = number.expect("--mutations takes a number");
        } else {
            names.push(argument);
        }
    }
    if let [name, file] = &names[..]
        && let Some(target) = TARGETS.iter().find(|known| known.name == name)
        && let Ok(input) = fs::read(file)
    {
        (target.run)(&input);
        println!("{name}: {file} is good");
        return ExitCode::SUCCESS;
    }
    let unknown = names
        .iter()
        .find(|name| TARGETS.iter().all(|known| known.name != **name));
    if let Some(unknown) = unknown {
        eprintln!("{unknown} is no target");
        return ExitCode::FAILURE;
    }
    let chosen =
        |target: &&Target| names.is_empty() || names.iter().any(|name| name == target.name);
    let targets: Vec<Target> = TARGETS.iter().filter(chosen).copied().collect();
    if all(&targets, mutations) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Runs on two threads, as `fuzz/run` uses two processes.
fn all(targets: &[Target], mutations: usize) -> bool {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut good = true;
        loop {
            let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(target) = targets.get(index) else {
                return good;
            };
            good &= one(*target, mutations);
        }
    };
    thread::scope(|scope| {
        let other = scope.spawn(work);
        let good = work();
        other.join().unwrap_or(false) && good
    })
}

fn one(target: Target, mutations: usize) -> bool {
    let seeds = seeds(target.name);
    assert!(!seeds.is_empty(), "{} has no seeds", target.name);
    let mut random = Rng::with_seed(target.name.bytes().map(u64::from).sum());
    let mutated = (0..mutations).map(|_| mutation(&seeds, &mut random));
    let began = Instant::now();
    let mut slowest = Duration::ZERO;
    for input in seeds.iter().cloned().chain(mutated) {
        let before = Instant::now();
        let run = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(&input)));
        let took = before.elapsed();
        // The first input reads tables, and other programs may have used the processor.
        let took = if took > SLOWEST {
            again(target, &input)
        } else {
            took
        };
        slowest = slowest.max(took);
        if run.is_err() || took > SLOWEST {
            let file = keep(target.name, &input);
            println!(
                "{}: FOUND after {took:?}, kept in {}",
                target.name,
                file.display()
            );
            return false;
        }
    }
    println!(
        "{}: {} seeds, {mutations} mutations, {:.1} s, slowest {:.1} ms",
        target.name,
        seeds.len(),
        began.elapsed().as_secs_f64(),
        slowest.as_secs_f64() * 1000.0
    );
    true
}

fn again(target: Target, input: &[u8]) -> Duration {
    let before = Instant::now();
    let _ = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    before.elapsed()
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(folder().join("seeds").join(name));
    let mut files: Vec<PathBuf> = files
        .into_iter()
        .flatten()
        .filter_map(|file| Some(file.ok()?.path()))
        .collect();
    files.sort();
    files
        .iter()
        .filter_map(|file| fs::read(file).ok())
        .collect()
}

fn keep(name: &str, input: &[u8]) -> PathBuf {
    let file = folder().join("artifacts").join(name).join("runner");
    let _ = fs::create_dir_all(file.parent().unwrap_or(folder()));
    let _ = fs::write(&file, input);
    file
}
