//! A real nginx with its default buffers, in front of an application behind the layer, and a browser.

use std::{
    convert::Infallible,
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use crate::support::clients::Clients as _;
use axum::{Router, extract::Request, routing::get};
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, redirect::Policy};
use tower::{ServiceExt, service_fn};
use tower_phone_auth::{OAuthLayer, SessionKey, VerifiedUser};
use tower_phone_auth_local_provider::{LocalProvider, Person};
use url::Url;

pub(crate) struct Site {
    path: String,
    application: Arc<Mutex<Router>>,
    nginx: Child,
    folder: PathBuf,
    pub(crate) origin: String,
    pub(crate) client: Client,
    /// `name=value`.
    pub(crate) cookies: Vec<String>,
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.nginx.kill();
        let _ = self.nginx.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Site {
    /// The application is shown below this path, which nginx takes off.
    pub(crate) async fn start(provider: &LocalProvider, path: &str, key: SessionKey) -> Self {
        let (gateway, address) = (free(), free());
        let origin = format!("http://{gateway}");
        let first = application(&format!("{origin}{path}"), provider, key);
        let application = Arc::new(Mutex::new(first));
        serve(address, Arc::clone(&application)).await;
        let folder = std::env::temp_dir().join(format!("phone-auth-path-{}", gateway.port()));
        fs::create_dir_all(&folder).unwrap();
        let settings = format!(
            "daemon off; master_process off; pid pid; events {{}}
             http {{ access_log off;
             client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
             server {{ listen {gateway}; location {path}/ {{ proxy_pass http://{address}/; }} }} }}"
        );
        fs::write(folder.join("nginx.conf"), settings).unwrap();
        let nginx = Command::new("nginx")
            .arg("-p")
            .arg(&folder)
            .args(["-e", "errors", "-c", "nginx.conf"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn();
        let nginx = nginx.unwrap_or_else(|error| panic!("nginx: {error}; `.ci/run` installs it"));
        let began = Instant::now();
        while TcpStream::connect(gateway).is_err() {
            let patience = Duration::from_secs(180);
            assert!(began.elapsed() < patience, "nginx does not listen");
            std::thread::yield_now();
        }
        let client = Client::builder().redirect(Policy::none()).no_proxy();
        Self {
            path: path.to_owned(),
            application,
            nginx,
            folder,
            origin,
            client: client.build().unwrap(),
            cookies: Vec::new(),
        }
    }

    /// The application starts again, with this key.
    pub(crate) fn restarts(&self, provider: &LocalProvider, key: SessionKey) {
        let public_url = format!("{}{}", self.origin, self.path);
        *self.application.lock().unwrap() = application(&public_url, provider, key);
    }

    /// An address as a page or a redirect names it.
    fn url(&self, link: &str) -> Url {
        Url::parse(&self.origin).unwrap().join(link).unwrap()
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Response {
        let request = request
            .header("accept", "text/html")
            .header("cookie", self.cookies.join("; "));
        let response = request.send().await.unwrap();
        for line in response.headers().get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let pair = line.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies
                .retain(|held| !held.starts_with(&format!("{name}=")));
            if !value.is_empty() {
                self.cookies.push(pair.to_owned());
            }
        }
        response
    }

    pub(crate) async fn get(&mut self, link: &str) -> Response {
        let request = self.client.get(self.url(link));
        self.send(request).await
    }

    pub(crate) async fn post(&mut self, link: &str) -> Response {
        let request = self.client.post(self.url(link));
        let request = request
            .header("origin", self.origin.clone())
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate");
        self.send(request).await
    }

    /// Decides on the provider's page, and comes back; the callback's answer.
    pub(crate) async fn come_back(&mut self, path: &str, decision: &str) -> Response {
        let away = self.get(path).await;
        let authorize = Url::parse(location(&away)).unwrap();
        let person = Person::WITH_PHONE;
        let form = format!(
            "{}&person={person}&phone_number=yes&decision={decision}",
            authorize.query().unwrap()
        );
        let mut page = authorize.clone();
        page.set_query(None);
        let answer = self
            .client
            .post(page)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let answer = answer.send().await.unwrap();
        let callback = location(&answer).to_owned();
        let expected = format!("{}{}/auth/callback/kakao?", self.origin, self.path);
        assert!(callback.starts_with(&expected), "{callback}");
        self.get(&callback).await
    }
}

pub(crate) fn location(response: &Response) -> &str {
    let location = response.headers().get("location");
    location
        .unwrap_or_else(|| panic!("{response:?}"))
        .to_str()
        .unwrap()
}

fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

fn application(public_url: &str, provider: &LocalProvider, key: SessionKey) -> Router {
    let auth = OAuthLayer::builder()
        .public_url(public_url)
        .session_key(key)
        .provider(provider.kakao())
        .build()
        .unwrap();
    let page = get(async |user: VerifiedUser| user.phone.to_string());
    Router::new()
        .route("/", page.clone())
        .route("/{*rest}", page)
        .layer(auth)
}

/// The headers that layers outside of this one commonly add.
fn outer() -> HeaderMap {
    let lines = [
        (
            "strict-transport-security",
            "max-age=63072000; includeSubDomains; preload",
        ),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=()",
        ),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-request-id", "018f3f5e-9f6c-7c3a-8a3e-2d7f0f1f9a10"),
    ];
    let lines = lines.into_iter();
    lines
        .map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        })
        .collect()
}

async fn serve(address: SocketAddr, application: Arc<Mutex<Router>>) {
    let service = service_fn(move |request: Request| {
        let now = application.lock().unwrap().clone();
        async move {
            let mut response = now.oneshot(request).await?;
            response.headers_mut().extend(outer());
            Ok::<_, Infallible>(response)
        }
    });
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let app = Router::new().fallback_service(service);
    tokio::spawn(async { axum::serve(listener, app).await });
}
