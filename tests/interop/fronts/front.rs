//! The example as a process, and nginx or Caddy in front of it.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use super::browser::Browser;
use crate::support::{
    caddy::Caddy,
    nginx::{Nginx, free_address},
};

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Nginx,
    Caddy,
}

pub(super) const BOTH: [Kind; 2] = [Kind::Nginx, Kind::Caddy];

/// The example behind a proxy. Everything ends when it is dropped.
pub(super) struct Front {
    pub(super) origin: String,
    /// The address of the example itself.
    pub(super) behind: String,
    certificate: PathBuf,
    folder: PathBuf,
    example: Child,
    _nginx: Option<Nginx>,
    _caddy: Option<Caddy>,
}

impl Front {
    pub(super) fn start(kind: Kind) -> Self {
        let (front, application) = (free_address(), free_address());
        let origin = format!("https://{front}");
        let folder = env::temp_dir().join(format!("phone-auth-front-{}", front.port()));
        fs::create_dir_all(&folder).unwrap();
        make_certificate(&folder);
        let example = start_example(application, &origin);
        let (mut nginx, mut caddy) = (None, None);
        match kind {
            Kind::Nginx => nginx = Some(start_nginx(front, application, &folder)),
            Kind::Caddy => caddy = Some(start_caddy(front, application, &folder)),
        }
        Self {
            origin,
            behind: format!("http://{application}"),
            certificate: folder.join("cert.pem"),
            folder,
            example,
            _nginx: nginx,
            _caddy: caddy,
        }
    }

    pub(super) fn browser(&self) -> Browser<'_> {
        Browser::new(&self.origin, &self.certificate)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        let _ = self.example.kill();
        let _ = self.example.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A throw-away certificate for loopback.
fn make_certificate(folder: &Path) {
    let made = Command::new("openssl")
        .current_dir(folder)
        .args([
            "req",
            "-x509",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ])
        .args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-keyout", "key.pem", "-out", "cert.pem"])
        .stderr(Stdio::null())
        .status();
    let made = made.unwrap_or_else(|error| panic!("openssl: {error}; `.ci/run` installs it"));
    assert!(made.success(), "openssl");
}

/// The example of axum, with its own local provider.
fn start_example(address: SocketAddr, origin: &str) -> Child {
    let test = env::current_exe().unwrap();
    let example = test
        .parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("examples/axum");
    let mut process = Command::new(&example)
        .env_clear()
        .env("LISTEN_ADDR", address.to_string())
        .env("PUBLIC_URL", origin)
        .env("RUST_LOG", "off")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{example:?}: {error}; build it by cargo build --examples"));
    let mut printed = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    printed.read_line(&mut line).unwrap();
    assert_eq!(line.trim(), format!("open {origin}"));
    process
}

fn start_nginx(front: SocketAddr, application: SocketAddr, folder: &Path) -> Nginx {
    let read = |name| fs::read_to_string(folder.join(name)).unwrap();
    let (cert, key) = (read("cert.pem"), read("key.pem"));
    let server = format!("location / {{ proxy_pass http://{application}; }}");
    Nginx::over_tls(front, &server, &[("cert.pem", &cert), ("key.pem", &key)])
}

fn start_caddy(front: SocketAddr, application: SocketAddr, folder: &Path) -> Caddy {
    let path = |name| folder.join(name).display().to_string();
    let (cert, key) = (path("cert.pem"), path("key.pem"));
    let site = format!("https://{front} {{\n tls {cert} {key}\n reverse_proxy {application}\n}}\n");
    Caddy::start(front, &site)
}
