//! The process of a Redis or Valkey server, which starts empty and ends when it is dropped.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

use crate::support::replicas::until;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Redis,
    Valkey,
}

const TIMEOUT: Duration = Duration::from_secs(180);

pub(crate) struct Server {
    kind: Kind,
    process: Child,
    pub(crate) port: u16,
    folder: PathBuf,
    settings: Vec<String>,
}

impl Server {
    pub(crate) fn start(kind: Kind) -> Self {
        Self::with(kind, &[])
    }

    pub(crate) fn with(kind: Kind, settings: &[&str]) -> Self {
        let settings = settings.iter().map(|text| (*text).to_owned()).collect();
        Self::at(kind, port(), settings)
    }

    /// A Redis Cluster of one node.
    pub(crate) async fn cluster(kind: Kind) -> Self {
        let bus = port().to_string();
        let settings = ["--cluster-enabled", "yes", "--cluster-port", &bus];
        let server = Self::with(kind, &settings);
        let mut slots = redis::cmd("CLUSTER");
        slots.arg("ADDSLOTSRANGE").arg(0).arg(16383);
        let _: redis::Value = slots.query(&mut server.operator()).unwrap();
        until(async || {
            let mut info = redis::cmd("CLUSTER");
            let info: String = info.arg("INFO").query(&mut server.operator()).unwrap();
            info.contains("cluster_state:ok")
        })
        .await;
        server
    }

    fn at(kind: Kind, port: u16, settings: Vec<String>) -> Self {
        let folder = std::env::temp_dir().join(format!("phone-auth-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let program = program(kind);
        let spawned = Command::new(&program)
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(&folder)
            .args(&settings)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let process = spawned.unwrap_or_else(|error| {
            panic!(
                "{}: {error}; `.ci/run` installs it (redis-server, and valkey-server in target/interop/bin)",
                program.display()
            )
        });
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < TIMEOUT, "{kind:?} does not listen");
            std::thread::yield_now();
        }
        Self {
            kind,
            process,
            port,
            folder,
            settings,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn cluster_url(&self) -> String {
        format!("redis-cluster://127.0.0.1:{}", self.port)
    }

    /// A connection for commands of an operator.
    pub(crate) fn operator(&self) -> redis::Connection {
        let client = redis::Client::open(self.url()).unwrap();
        client.get_connection().unwrap()
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Suspends the process, which keeps its connections and answers no command.
    pub(crate) fn suspend(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let process = self.process.id().to_string();
        let sent = Command::new("kill").args([signal, &process]).status();
        assert!(sent.unwrap().success());
    }

    /// Starts a new process without the data.
    pub(crate) fn restart_empty(&mut self) {
        let new = Self::at(self.kind, self.port, self.settings.clone());
        *self = new;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn program(kind: Kind) -> PathBuf {
    match kind {
        Kind::Redis => "redis-server".into(),
        Kind::Valkey => {
            let ours =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("target/interop/bin/valkey-server");
            if ours.exists() {
                ours
            } else {
                "valkey-server".into()
            }
        }
    }
}

/// A port for one caller. It is outside of the range from which connections get theirs, so it stays
/// free.
pub(crate) fn port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + u16::try_from(std::process::id() % 8_000).unwrap();
    std::iter::repeat_with(|| first + GIVEN.fetch_add(1, Ordering::Relaxed))
        .take(500)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap()
}
