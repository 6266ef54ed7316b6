//! Time from the start of a process to its first answer, and its memory at rest, of the example
//! `axum` with a session key from the environment, on Linux:
//! `cargo build --release --example axum && cargo bench --profile release --bench start`.
//!
//! The first answer is the redirect of a page visit to the provider. The example warms up on other
//! threads at the same time. The time of the processor is printed as well, because other load
//! changes it less.

use std::{
    env, fs,
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const RUNS: usize = 41;
/// The time after which a process is at rest.
const REST: Duration = Duration::from_millis(500);
/// 64 bytes in Base64.
const KEY: &str =
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";

/// The needs of one process.
#[derive(Debug)]
struct Start {
    /// The time to the first answer, in microseconds.
    answered: u64,
    /// The time of the processor until then, in microseconds.
    processor: u64,
    /// Resident memory at rest, in KiB.
    resident: u64,
    /// The part of it that is no page of a file.
    anonymous: u64,
}

fn main() {
    let program = program();
    if !env::args().any(|argument| argument == "--bench") || !program.exists() {
        println!("build the example first: cargo build --release --example axum");
        return;
    }
    let starts: Vec<_> = (0..RUNS).map(|_| start(&program)).collect();
    let show = |what: &str, unit: &str, of: fn(&Start) -> u64| {
        let mut numbers: Vec<_> = starts.iter().map(of).collect();
        numbers.sort_unstable();
        let (low, median) = (numbers[RUNS / 10], numbers[RUNS / 2]);
        println!("{what}: {median} {unit}, 10th percentile {low} {unit}");
    };
    show("first answer after", "µs", |start| start.answered);
    show("time of the processor until then", "µs", |start| {
        start.processor
    });
    show("memory at rest", "KiB", |start| start.resident);
    show("of it no pages of files", "KiB", |start| start.anonymous);
}

/// The example beside this program, which is in `deps`.
fn program() -> PathBuf {
    let own = env::current_exe().expect("this program has a path");
    let folder = own.parent().and_then(Path::parent);
    folder.expect("cargo has folders").join("examples/axum")
}

fn start(program: &Path) -> Start {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    let address = free.expect("a port is free");
    let began = Instant::now();
    let mut process = Command::new(program)
        .env_clear()
        .env("LISTEN_ADDR", address.to_string())
        .env("PUBLIC_URL", format!("http://{address}"))
        .env("OAUTH_PROVIDER", "kakao")
        .env("OAUTH_CLIENT_ID", "key")
        .env("OAUTH_CLIENT_SECRET", "secret")
        .env("SESSION_KEY", KEY)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the example starts");
    while answer(address).is_err() {
        let exited = process.try_wait().is_ok_and(|status| status.is_some());
        assert!(
            !exited && began.elapsed() < Duration::from_secs(10),
            "it does not answer"
        );
        thread::sleep(Duration::from_micros(100));
    }
    let (answered, processor) = (began.elapsed(), processor(&process));
    thread::sleep(REST);
    let start = Start {
        answered: u64::try_from(answered.as_micros()).unwrap_or(u64::MAX),
        processor,
        resident: memory(&process, "VmRSS:"),
        anonymous: memory(&process, "RssAnon:"),
    };
    process
        .kill()
        .and_then(|()| process.wait())
        .expect("it ends");
    start
}

/// Visits the page. An error until the process listens.
fn answer(address: SocketAddr) -> io::Result<()> {
    let mut connection = TcpStream::connect(address)?;
    write!(
        connection,
        "GET / HTTP/1.1\r\nhost: {address}\r\naccept: text/html\r\nconnection: close\r\n\r\n"
    )?;
    let mut response = String::new();
    connection.read_to_string(&mut response)?;
    assert!(response.starts_with("HTTP/1.1 303 "), "{response}");
    Ok(())
}

/// The time that the threads of a process have run, in microseconds.
fn processor(process: &Child) -> u64 {
    let threads = fs::read_dir(format!("/proc/{}/task", process.id()));
    let times = threads.expect("this is Linux").filter_map(|thread| {
        let times = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        times.split(' ').next()?.parse::<u64>().ok()
    });
    times.sum::<u64>() / 1000
}

/// A number of KiB in the status of a process.
fn memory(process: &Child, label: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id()));
    let status = status.expect("this is Linux");
    let line = status.lines().find_map(|line| line.strip_prefix(label));
    let number = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
    number.expect("the status has the number")
}
