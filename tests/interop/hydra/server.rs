//! The process of Hydra, and its API for administrators.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::{
    sync::{Mutex, MutexGuard, OnceCell},
    time::interval,
};
use tower_phone_auth::Oidc;

use super::pages;
use crate::support::{
    provider::port,
    shop::{ORIGIN, SECRET},
};

/// The time for a start, which sets up a database in memory first.
const TIMEOUT: Duration = Duration::from_secs(180);

/// Hydra runs until the standard input of the shell is closed, which a panic or a signal does too.
const START: &str = r#"target/interop/bin/hydra serve all --dev --sqa-opt-out </dev/null &
cat >/dev/null
kill $!"#;

/// The set of keys that sign ID tokens and logout tokens.
const KEYS: &str = "/admin/keys/hydra.openid.id-token";

pub(super) struct Hydra {
    pub(super) issuer: String,
    admin: String,
    /// Keeps the standard input of the shell open.
    _process: Child,
}

impl Hydra {
    /// One server for all tests that change nothing but their own clients. The tests run one at a
    /// time, because the database in memory refuses concurrent writes.
    pub(super) async fn shared() -> MutexGuard<'static, Self> {
        static SHARED: OnceCell<Mutex<Hydra>> = OnceCell::const_new();
        let start = || async { Mutex::new(Self::start().await) };
        SHARED.get_or_init(start).await.lock().await
    }

    pub(super) async fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let program = root.join("target/interop/bin/hydra");
        assert!(
            program.exists(),
            "{program:?} is missing; `.ci/hydra` builds it"
        );
        let (public, admin) = (port(), port());
        let issuer = format!("http://127.0.0.1:{public}");
        let admin_api = format!("http://127.0.0.1:{admin}");
        let pages = pages::serve(admin_api.clone());
        let settings = [
            ("DSN", "memory".to_owned()),
            ("LOG_LEVEL", "error".to_owned()),
            ("SECRETS_SYSTEM", "a secret of this test alone".to_owned()),
            ("SERVE_PUBLIC_HOST", "127.0.0.1".to_owned()),
            ("SERVE_PUBLIC_PORT", public.to_string()),
            ("SERVE_ADMIN_HOST", "127.0.0.1".to_owned()),
            ("SERVE_ADMIN_PORT", admin.to_string()),
            ("URLS_SELF_ISSUER", issuer.clone()),
            ("URLS_LOGIN", format!("{pages}/login")),
            ("URLS_CONSENT", format!("{pages}/consent")),
            ("URLS_LOGOUT", format!("{pages}/logout")),
            ("URLS_ERROR", format!("{pages}/error")),
            ("URLS_POST_LOGOUT_REDIRECT", format!("{ORIGIN}/left")),
            (
                "WEBFINGER_OIDC_DISCOVERY_SUPPORTED_CLAIMS",
                "phone_number,phone_number_verified".to_owned(),
            ),
            (
                "WEBFINGER_OIDC_DISCOVERY_SUPPORTED_SCOPES",
                "phone,profile,email".to_owned(),
            ),
        ];
        let process = Command::new("sh")
            .args(["-c", START])
            .current_dir(root)
            .envs(settings)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let hydra = Self {
            issuer,
            admin: admin_api,
            _process: process,
        };
        hydra.is_ready().await;
        hydra
    }

    async fn is_ready(&self) {
        let client = Client::builder().no_proxy().build().unwrap();
        let mut ticks = interval(Duration::from_millis(100));
        for _ in 0..TIMEOUT.as_millis() / 100 {
            ticks.tick().await;
            let mut ready = true;
            // The last request makes Hydra create its first key, which may take seconds.
            for address in [
                format!("{}/health/ready", self.admin),
                format!("{}/health/ready", self.issuer),
                format!("{}/.well-known/jwks.json", self.issuer),
            ] {
                let answer = client.get(address).send().await;
                ready &= answer.is_ok_and(|answer| answer.status().is_success());
            }
            if ready {
                return;
            }
        }
        panic!("Hydra is not ready in time");
    }

    /// Registers a client with a secret and Basic; `settings` replace members of its JSON document.
    pub(super) async fn client(&self, id: &str, settings: Value) -> Oidc {
        let mut client = json!({
            "client_id": id,
            "client_secret": SECRET,
            "grant_types": ["authorization_code"],
            "response_types": ["code"],
            "scope": "openid profile email phone",
            "redirect_uris": [format!("{ORIGIN}/auth/callback/oidc")],
            "token_endpoint_auth_method": "client_secret_basic",
        });
        for (name, value) in settings.as_object().unwrap() {
            client[name] = value.clone();
        }
        ask(Method::POST, &self.admin, "/admin/clients", Some(client)).await;
        Oidc::new(&self.issuer, id, SECRET)
    }

    /// Makes Hydra sign with a new key of this algorithm. RSA is not possible, because Hydra times
    /// out before it has made a key of 4096 bits on a busy computer.
    pub(super) async fn signs_with(&self, algorithm: &str) {
        let key = json!({ "alg": algorithm, "use": "sig", "kid": "" });
        ask(Method::POST, &self.admin, KEYS, Some(key)).await;
    }
}

/// Calls the API for administrators; the answer, or null if it has no body.
pub(super) async fn ask(method: Method, admin: &str, path: &str, body: Option<Value>) -> Value {
    // Each call needs a new client, because connections do not outlive the runtime of a test.
    let client = Client::builder().no_proxy().build().unwrap();
    let request = client
        .request(method, format!("{admin}{path}"))
        .header("content-type", "application/json")
        .body(body.map(|body| body.to_string()).unwrap_or_default());
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{path}: {status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}
