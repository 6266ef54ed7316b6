//! The process of a provider, which ends when it is dropped.

use std::{
    ffi::OsStr,
    net::TcpListener,
    path::Path,
    process::Stdio,
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use reqwest::Client;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, copy, sink},
    process::{Child, Command},
    time::timeout,
};

const TIMEOUT: Duration = Duration::from_secs(180);
const REMEDY: &str = "these tests need Node, Python and Go with packages that `.ci/run` installs";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) struct Provider {
    process: Child,
    pub(crate) issuer: String,
}

impl Provider {
    /// Starts the certified `oidc-provider`.
    pub(crate) async fn node(flags: &[&str]) -> Self {
        Self::start("node".as_ref(), "tests/interop/node/provider.mjs", flags).await
    }

    /// Starts `oauth2-mock-server`, which shows no page and sends these claims.
    pub(crate) async fn mock(id_token: &Value, userinfo: &Value) -> Self {
        let (id_token, userinfo) = (id_token.to_string(), userinfo.to_string());
        let flags = [id_token.as_str(), userinfo.as_str()];
        Self::start("node".as_ref(), "tests/interop/node/mock.mjs", &flags).await
    }

    /// Starts a script of `tests/interop/python` in the virtual environment of `.ci/run`.
    pub(crate) async fn python(script: &str) -> Self {
        let python = root().join("target/interop/bin/python");
        let script = format!("tests/interop/python/{script}");
        Self::start(python.as_ref(), &script, &[]).await
    }

    /// Starts a provider of the program in `tests/interop/go`.
    pub(crate) async fn go(name: &str) -> Self {
        let program = root().join("target/interop/bin/interop-go");
        Self::spawn(Command::new(program).arg(name), name).await
    }

    async fn start(program: &OsStr, script: &str, flags: &[&str]) -> Self {
        let mut command = Command::new(program);
        Self::spawn(command.arg(root().join(script)).args(flags), script).await
    }

    /// Waits for the line with the issuer, which a provider prints when it is ready.
    async fn spawn(command: &mut Command, name: &str) -> Self {
        let spawned = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut process = spawned.unwrap_or_else(|error| panic!("{name}: {error}; {REMEDY}"));
        let mut errors = process.stderr.take().unwrap();
        let errors = tokio::spawn(async move {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text).await;
            text
        });
        let mut line = String::new();
        let mut printed = BufReader::new(process.stdout.take().unwrap());
        let ready = timeout(TIMEOUT, printed.read_line(&mut line)).await;
        ready
            .unwrap_or_else(|_| panic!("{name} is not ready in time"))
            .unwrap();
        if line.is_empty() {
            let errors = errors.await.unwrap();
            panic!("{name} did not start: {errors}\n{REMEDY}");
        }
        // An unread pipe would block the provider, so its further output is read too.
        tokio::spawn(async move { copy(&mut printed, &mut sink()).await });
        Self {
            process,
            issuer: line.trim().to_owned(),
        }
    }

    /// Ends the process, which frees its port.
    pub(crate) async fn stop(mut self) {
        self.process.kill().await.unwrap();
    }

    /// The form with the logout token that `oidc-provider` sent last.
    pub(crate) async fn last_logout_form(&self) -> String {
        let client = Client::builder().no_proxy().build().unwrap();
        let form = client.get(format!("{}/control/logout-form", self.issuer));
        form.send().await.unwrap().text().await.unwrap()
    }

    /// Replaces all signing keys of `oidc-provider`.
    pub(crate) async fn rotates_its_keys(&self) {
        let client = Client::builder().no_proxy().build().unwrap();
        let rotate = client.post(format!("{}/control/rotate", self.issuer));
        assert!(rotate.send().await.unwrap().status().is_success());
    }
}

/// A port for one caller. It is outside of the range from which connections get theirs, so it stays
/// free.
pub(crate) fn port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    std::iter::repeat_with(|| first + GIVEN.fetch_add(1, Ordering::Relaxed))
        .take(100)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap()
}
