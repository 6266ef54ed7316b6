//! A real Envoy, ended when it is dropped.

use std::{
    fs,
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const TIMEOUT: Duration = Duration::from_secs(180);

pub(crate) struct Envoy {
    process: Child,
    folder: PathBuf,
}

impl Envoy {
    /// Starts an Envoy with these settings, and waits until it listens at `address`.
    pub(crate) fn start(address: SocketAddr, settings: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("phone-auth-envoy-{}", address.port()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("envoy.yaml");
        fs::write(&file, settings).unwrap();
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/interop/bin/envoy");
        let envoy = Command::new(&program)
            .args(["--disable-hot-restart", "--concurrency", "1", "--log-path"])
            .arg(folder.join("log"))
            .arg("--config-path")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut process = envoy.unwrap_or_else(|error| {
            let program = program.display();
            panic!("{program}: {error}; `.ci/run` installs it")
        });
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(began.elapsed() < TIMEOUT, "envoy does not listen");
            if let Some(status) = process.try_wait().unwrap() {
                let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
                panic!("envoy ended with {status}: {log}");
            }
            std::thread::yield_now();
        }
        Self { process, folder }
    }
}

impl Drop for Envoy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
