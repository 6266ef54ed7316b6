//! TLS to the server, with a certificate authority that a process knows from its environment.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    access::{fails, works},
    setup::{Kind, Server, Shop, port},
};

const NAME: &str = "tls::a_server_is_used_only_if_its_certificate_authority_is_known";
/// Set for a second process of this test, whose environment names the authority.
const URL: &str = "PHONE_AUTH_TEST_TLS_URL";

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_used_only_if_its_certificate_authority_is_known() {
    let shop = Shop::open().await;
    if let Ok(url) = env::var(URL) {
        return works(&shop, &url).await;
    }
    let (port, files) = (port(), Files::make());
    let path = |name: &str| files.path(name).to_str().unwrap().to_owned();
    let settings = [
        ["--tls-port", &port.to_string()],
        ["--tls-cert-file", &path("server.pem")],
        ["--tls-key-file", &path("server.key")],
        ["--tls-ca-cert-file", &path("ca.pem")],
        ["--tls-auth-clients", "no"],
    ];
    let _server = Server::with(Kind::Redis, settings.as_flattened());
    let url = format!("rediss://127.0.0.1:{port}/0");
    let error = fails(&shop, &url).await;
    assert!(error.contains("with TLS its certificate"), "{error}");
    let second = Command::new(env::current_exe().unwrap())
        .args([NAME, "--exact"])
        .env("SSL_CERT_FILE", path("ca.pem"))
        .env(URL, &url)
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&second.stdout);
    assert!(
        second.status.success() && output.contains("1 passed"),
        "{output}"
    );
}

/// A certificate authority, and the certificate that it issued to the server.
struct Files(PathBuf);

impl Files {
    fn make() -> Self {
        let files = Self(env::temp_dir().join(format!("phone-auth-tls-{}", std::process::id())));
        fs::create_dir_all(&files.0).unwrap();
        files.certificate("ca", &["-subj", "/CN=Authority of a test"]);
        files.certificate(
            "server",
            &[
                "-subj",
                "/CN=127.0.0.1",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
            ],
        );
        files
    }

    fn certificate(&self, name: &str, more: &[&str]) {
        let made = Command::new("openssl")
            .current_dir(&self.0)
            .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"])
            .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
            .args(["-keyout", &format!("{name}.key")])
            .args(["-out", &format!("{name}.pem")])
            .args(more)
            .output();
        let made = made.unwrap_or_else(|error| panic!("openssl: {error}; `.ci/run` installs it"));
        let errors = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "{errors}");
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::new(&self.0).join(name)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
