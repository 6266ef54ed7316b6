//! A real Caddy, ended when it is dropped.

use std::{
    fs,
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const TIMEOUT: Duration = Duration::from_secs(180);

pub(crate) struct Caddy {
    process: Child,
    folder: PathBuf,
}

impl Caddy {
    /// Starts a Caddy with these sites, and waits until it listens at `address`.
    pub(crate) fn start(address: SocketAddr, sites: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("phone-auth-caddy-{}", address.port()));
        fs::create_dir_all(&folder).unwrap();
        let settings = format!("{{\nadmin off\nauto_https off\n}}\n{sites}");
        let file = folder.join("Caddyfile");
        fs::write(&file, &settings).unwrap();
        let caddy = Command::new("caddy")
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(&file)
            .env("HOME", &folder)
            .env("XDG_DATA_HOME", &folder)
            .env("XDG_CONFIG_HOME", &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let mut process =
            caddy.unwrap_or_else(|error| panic!("caddy: {error}; `.ci/run` installs it"));
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(began.elapsed() < TIMEOUT, "caddy does not listen");
            let ended = process.try_wait().unwrap();
            assert_eq!(ended, None, "caddy refuses {settings}");
            std::thread::yield_now();
        }
        Self { process, folder }
    }
}

impl Drop for Caddy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
