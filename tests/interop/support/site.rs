//! A real nginx in front of an application behind the layer, and a browser that visits it.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use crate::support::clients::Clients as _;
use axum::{Router, extract::Request, routing::get};
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, redirect::Policy};
use tower::{ServiceExt, service_fn};
use tower_phone_auth::{OAuthLayer, SessionKey, VerifiedUser};
use tower_phone_auth_local_provider::{LocalProvider, Person};
use url::Url;

use super::nginx::{Nginx, free_address};

pub(crate) struct Site {
    path: String,
    application: Arc<Mutex<Router>>,
    _nginx: Nginx,
    pub(crate) origin: String,
    pub(crate) client: Client,
    /// The browser's cookies, each as `name=value`.
    pub(crate) cookies: Vec<String>,
}

impl Site {
    /// The public address of the application is below `path`, which nginx strips.
    pub(crate) async fn start(provider: &LocalProvider, path: &str, key: SessionKey) -> Self {
        let (gateway, address) = (free_address(), free_address());
        let origin = format!("http://{gateway}");
        let first = application(&format!("{origin}{path}"), provider, key);
        let application = Arc::new(Mutex::new(first));
        serve(address, Arc::clone(&application)).await;
        let server = format!("location {path}/ {{ proxy_pass http://{address}/; }}");
        let nginx = Nginx::start(gateway, &server, &[]);
        let client = Client::builder().redirect(Policy::none()).no_proxy();
        Self {
            path: path.to_owned(),
            application,
            _nginx: nginx,
            origin,
            client: client.build().unwrap(),
            cookies: Vec::new(),
        }
    }

    /// Replaces the application by one with another key, as a restart does.
    pub(crate) fn restarts(&self, provider: &LocalProvider, key: SessionKey) {
        let public_url = format!("{}{}", self.origin, self.path);
        *self.application.lock().unwrap() = application(&public_url, provider, key);
    }

    /// The absolute address of a link on a page or in a redirect.
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

    /// Visits a page and decides on the provider's page; the answer of the callback.
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

/// Headers that other layers of an application commonly add to an answer.
fn common_headers() -> HeaderMap {
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
        let current = application.lock().unwrap().clone();
        async move {
            let mut response = current.oneshot(request).await?;
            response.headers_mut().extend(common_headers());
            Ok::<_, Infallible>(response)
        }
    });
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    let app = Router::new().fallback_service(service);
    tokio::spawn(async { axum::serve(listener, app).await });
}
