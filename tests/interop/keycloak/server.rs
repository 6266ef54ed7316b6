//! The process of Keycloak. The first test that needs it starts it, and it ends with the process of
//! the tests.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{LazyLock, mpsc},
    thread,
    time::Duration,
};

use crate::support::provider::port;

const TIMEOUT: Duration = Duration::from_secs(180);
pub(super) const ADMIN: &str = "admin";

/// Keycloak runs until the standard input of the shell is closed, which a panic or a signal does
/// too.
const START: &str = r#"cd target/keycloak || exit 1
sh bin/kc.sh start --optimized --cache=local --http-enabled=true --http-host=127.0.0.1 --http-port="$1" \
    --hostname="http://127.0.0.1:$1" --hostname-backchannel-dynamic=true </dev/null &
cat >/dev/null
kill $!"#;

/// The origin of the server. For development, `KEYCLOAK_ORIGIN` names a server that runs already,
/// which saves its start. It needs a client `admin` for administrators, with the secret `admin`.
pub(super) fn origin() -> &'static str {
    static SERVER: LazyLock<Server> = LazyLock::new(|| match std::env::var("KEYCLOAK_ORIGIN") {
        Ok(origin) => Server {
            origin,
            _process: None,
        },
        Err(_) => Server::start(),
    });
    &SERVER.origin
}

struct Server {
    origin: String,
    /// Keeps the standard input of the shell open.
    _process: Option<Child>,
}

impl Server {
    fn start() -> Self {
        let port = port();
        let mut process = Command::new("sh")
            .args(["-c", START, "keycloak", &port.to_string()])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
            .env("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx512m")
            .env("KC_BOOTSTRAP_ADMIN_CLIENT_ID", ADMIN)
            .env("KC_BOOTSTRAP_ADMIN_CLIENT_SECRET", ADMIN)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let printed = process.stdout.take().unwrap();
        let (sender, ready) = mpsc::channel();
        // An unread pipe would block the server, so its output is read to the end.
        thread::spawn(move || {
            let mut log = Vec::new();
            for line in BufReader::new(printed).lines().map_while(Result::ok) {
                if line.contains("Listening on:") {
                    let _ = sender.send(());
                }
                log.push(line);
            }
            eprintln!("Keycloak has ended:\n{}", log.join("\n"));
        });
        let started = ready.recv_timeout(TIMEOUT);
        assert!(
            started.is_ok(),
            "Keycloak is not ready in time; `.ci/run` installs it in target/keycloak"
        );
        Self {
            origin: format!("http://127.0.0.1:{port}"),
            _process: Some(process),
        }
    }
}
