//! A server that notes each request and answers as a test wants.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Body, extract::Request, response::Response};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::net::TcpListener;
use tower_phone_auth::{CustomProvider, OAuthLayer, SessionKey};

use crate::support::{
    browser::{Browser, Page, location, parameter},
    shop::{ORIGIN, routes},
};

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    body: Bytes,
}

impl Seen {
    pub(super) fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(super) fn value(&self, name: &str) -> Option<String> {
        let mut form = self.form().into_iter();
        form.find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }
}

/// The answer to a path.
pub(super) type Answer = Box<dyn Fn(&Seen) -> (StatusCode, String) + Send + Sync>;

#[derive(Clone)]
pub(super) struct Server {
    pub(super) origin: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(super) async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (seen, answer) = (Arc::<Mutex<Vec<Seen>>>::default(), Arc::new(answer));
        let notes = Arc::clone(&seen);
        let app = Router::new().fallback(move |request: Request| {
            let (notes, answer) = (Arc::clone(&notes), Arc::clone(&answer));
            async move {
                let (head, body) = request.into_parts();
                let one = Seen {
                    method: head.method,
                    path: head.uri.path().to_owned(),
                    headers: head.headers,
                    body: body.collect().await.unwrap().to_bytes(),
                };
                let (status, body) = answer(&one);
                notes.lock().unwrap().push(one);
                let response = Response::builder().status(status);
                let response = response.header("location", "/elsewhere");
                response.body(Body::from(body)).unwrap()
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { origin, seen }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(super) fn at(&self, path: &str) -> Vec<Seen> {
        let mut seen = self.seen();
        seen.retain(|one| one.path == path);
        seen
    }
}

pub(super) fn json(value: &Value) -> (StatusCode, String) {
    (StatusCode::OK, value.to_string())
}

/// A browser at an application with this provider.
pub(super) fn browser(provider: CustomProvider) -> Browser {
    let layer = OAuthLayer::new(provider, ORIGIN, SessionKey::random()).unwrap();
    Browser::new(routes().layer(layer), ORIGIN)
}

/// Begins a sign-in, and returns the provider's address and the callback with this rest.
pub(super) async fn begin(browser: &mut Browser, name: &str, rest: &str) -> (Page, String) {
    let away = browser.visit("/place").await;
    let state = parameter(&away, "state").unwrap();
    assert!(!location(&away).is_empty());
    let callback = format!("/auth/callback/{name}?code=the-code&state={state}{rest}");
    (away, callback)
}
