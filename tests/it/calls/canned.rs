//! A shop with an HTTP client that gives fixed answers after a time that the test sets.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body};
use bytes::Bytes;
use http::{
    Request, Response,
    header::{ACCEPT, COOKIE, SET_COOKIE},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use tower_phone_auth::{
    Builder, Kakao, OAuthLayer, Oidc, SessionKey,
    provider::{BoxFuture, HttpClient, HttpError, Provider},
};

use crate::support::{
    browser::{Page, parameter},
    shop::{ORIGIN, routes},
};

/// Answers each call after `delay`, or never if there is none.
#[derive(Clone, Default)]
pub(crate) struct Canned {
    delay: Option<Duration>,
    open: Arc<AtomicUsize>,
    pub(crate) peak: Arc<AtomicUsize>,
}

impl Canned {
    pub(crate) fn after(delay: Duration) -> Self {
        Self {
            delay: Some(delay),
            ..Self::default()
        }
    }
}

impl HttpClient for Canned {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(async move {
            let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
            self.peak.fetch_max(open, Ordering::SeqCst);
            match self.delay {
                Some(delay) => tokio::time::sleep(delay).await,
                None => std::future::pending().await,
            }
            self.open.fetch_sub(1, Ordering::SeqCst);
            Ok(Response::new(
                answer(request.uri().path()).to_string().into(),
            ))
        })
    }
}

/// The metadata, the token, the profile or the pushed request of the provider, by the path.
pub(crate) fn answer(path: &str) -> Value {
    let at = |path| format!("https://id.example.com/{path}");
    match path {
        "/oauth/token" => json!({ "access_token": "qx81-access-token-ab", "token_type": "bearer" }),
        "/v2/user/me" => json!({
            "id": 7,
            "kakao_account": { "has_phone_number": true, "phone_number": "+82 10-1234-5678" },
        }),
        "/par" => json!({ "request_uri": "urn:example:1", "expires_in": 60 }),
        _ => json!({
            "issuer": "https://id.example.com",
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "jwks_uri": at("jwks"),
            "pushed_authorization_request_endpoint": at("par"),
            "require_pushed_authorization_requests": true,
        }),
    }
}

pub(crate) fn kakao() -> Provider {
    Kakao::new("key", "secret").into()
}

pub(crate) fn oidc() -> Provider {
    Oidc::new("https://id.example.com", "id", "secret").into()
}

pub(crate) fn app(
    provider: Provider,
    client: &Canned,
    settings: impl FnOnce(Builder) -> Builder,
) -> Router {
    let builder = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(provider)
        .http_client(client.clone());
    routes().layer(settings(builder).build().unwrap())
}

/// A page visit with this cookie, without a `Browser`.
pub(crate) async fn visit(app: &Router, path: &str, cookie: &str) -> Page {
    let request = Request::get(path)
        .header("sec-fetch-mode", "navigate")
        .header(ACCEPT, "text/html")
        .header(COOKIE, cookie);
    let request = request.body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}

/// A page visit, and the callback of that attempt with an invented code.
pub(crate) async fn come_back(app: &Router) -> Page {
    let away = visit(app, "/", "").await;
    let cookie = away.headers()[SET_COOKIE].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap();
    let state = parameter(&away, "state").unwrap();
    let callback = format!("/auth/callback/kakao?code=x&state={state}");
    visit(app, &callback, cookie).await
}
