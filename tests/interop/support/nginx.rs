//! A real nginx with its default buffers, ended when it is dropped.

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const TIMEOUT: Duration = Duration::from_secs(180);

pub(crate) struct Nginx {
    process: Child,
    folder: PathBuf,
}

impl Nginx {
    /// Starts an nginx with one `server` block, and waits until it listens at `address`.
    ///
    /// The block may serve the `files`, given as path and content.
    pub(crate) fn start(address: SocketAddr, server: &str, files: &[(&str, &str)]) -> Self {
        Self::listening(&address.to_string(), address, server, files)
    }

    /// An nginx with HTTP/2 over TLS, with `cert.pem` and `key.pem` of the files.
    pub(crate) fn over_tls(address: SocketAddr, server: &str, files: &[(&str, &str)]) -> Self {
        let server = format!("ssl_certificate cert.pem; ssl_certificate_key key.pem; {server}");
        Self::listening(&format!("{address} ssl http2"), address, &server, files)
    }

    fn listening(listen: &str, address: SocketAddr, server: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("phone-auth-nginx-{}", address.port()));
        fs::create_dir_all(&folder).unwrap();
        for (path, content) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let settings = format!(
            "daemon off; master_process off; pid pid; events {{}}
             http {{ access_log off;
             client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f;
             uwsgi_temp_path u; scgi_temp_path s;
             server {{ listen {listen}; {server} }} }}"
        );
        fs::write(folder.join("nginx.conf"), settings).unwrap();
        let nginx = Command::new("nginx")
            .arg("-p")
            .arg(&folder)
            .args(["-e", "errors", "-c", "nginx.conf"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn();
        let process = nginx.unwrap_or_else(|error| panic!("nginx: {error}; `.ci/run` installs it"));
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(began.elapsed() < TIMEOUT, "nginx does not listen");
            std::thread::yield_now();
        }
        Self { process, folder }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A free address on loopback.
pub(crate) fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}
