//! The example `axum` as a process, with its local provider. `.ci/run` builds the examples first.

use std::{env, path::PathBuf, process::Stdio};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

pub(crate) struct Example {
    _process: Child,
    address: String,
}

impl Example {
    /// With these environment variables, and those of the local provider.
    pub(crate) async fn start(settings: &[(&str, &str)]) -> Self {
        let tests: PathBuf = env::current_exe().unwrap();
        let folder = tests.parent().unwrap().parent().unwrap();
        let mut command = Command::new(folder.join("examples/axum"));
        command
            .env_clear()
            .env("LISTEN_ADDR", "127.0.0.1:0")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let started = command.spawn();
        let mut process = started.unwrap_or_else(|error| panic!("{error}; {REMEDY}"));
        let mut line = String::new();
        let mut printed = BufReader::new(process.stdout.take().unwrap());
        printed.read_line(&mut line).await.unwrap();
        let address = line.trim().strip_prefix("open ");
        let address = address.unwrap_or_else(|| panic!("the example did not start; {REMEDY}"));
        Self {
            _process: process,
            address: address.to_owned(),
        }
    }

    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

const REMEDY: &str = "run cargo build --all-features --example axum";
