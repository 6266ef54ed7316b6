//! A provider as a process: started, and ended when it is dropped.

use std::{
    ffi::OsStr,
    net::TcpListener,
    path::Path,
    process::Stdio,
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use reqwest::Client;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, copy, sink},
    process::{Child, Command},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(180);
const REMEDY: &str = "these tests need Node and Python with packages that `.ci/run` installs";

pub(crate) struct Provider {
    process: Child,
    pub(crate) issuer: String,
}

impl Provider {
    /// The certified `oidc-provider`.
    pub(crate) async fn node(flags: &[&str]) -> Self {
        Self::start("node".as_ref(), "tests/interop/node/provider.mjs", flags).await
    }

    /// Canaille, from the virtual environment that holds it.
    pub(crate) async fn python() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = root.join("target/interop/bin/python");
        Self::start(python.as_ref(), "tests/interop/python/provider.py", &[]).await
    }

    /// Waits for the one line that a provider prints when it is ready: its issuer.
    async fn start(program: &OsStr, script: &str, flags: &[&str]) -> Self {
        let name = program.to_string_lossy().into_owned();
        let spawned = Command::new(program)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script))
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut process = spawned.unwrap_or_else(|error| panic!("{name}: {error}; {REMEDY}"));
        let mut complaints = process.stderr.take().unwrap();
        let complaints = tokio::spawn(async move {
            let mut text = String::new();
            let _ = complaints.read_to_string(&mut text).await;
            text
        });
        let mut line = String::new();
        let mut printed = BufReader::new(process.stdout.take().unwrap());
        let ready = timeout(PATIENCE, printed.read_line(&mut line)).await;
        ready
            .unwrap_or_else(|_| panic!("{script} is not ready in time"))
            .unwrap();
        if line.is_empty() {
            let complaints = complaints.await.unwrap();
            panic!("{script} did not start: {complaints}\n{REMEDY}");
        }
        // What it prints later is of no interest, but it must find a reader.
        tokio::spawn(async move { copy(&mut printed, &mut sink()).await });
        Self {
            process,
            issuer: line.trim().to_owned(),
        }
    }

    /// The process is gone, and its port with it.
    pub(crate) async fn stop(mut self) {
        self.process.kill().await.unwrap();
    }

    /// The form that it last sent to an application on its own account.
    pub(crate) async fn told(&self) -> String {
        let client = Client::builder().no_proxy().build().unwrap();
        let told = client.get(format!("{}/control/told", self.issuer));
        told.send().await.unwrap().text().await.unwrap()
    }

    /// All signing keys are new from here on.
    pub(crate) async fn rotates_its_keys(&self) {
        let client = Client::builder().no_proxy().build().unwrap();
        let rotate = client.post(format!("{}/control/rotate", self.issuer));
        assert!(rotate.send().await.unwrap().status().is_success());
    }
}

/// A port of the caller's own that stays free: not one of those that connections are given.
pub(crate) fn port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    std::iter::repeat_with(|| first + GIVEN.fetch_add(1, Ordering::Relaxed))
        .take(100)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap()
}
