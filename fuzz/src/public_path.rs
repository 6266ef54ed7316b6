//! Public paths against axum's router: an anonymous request reaches public routes only.
//!
//! The first line is the method and the path of a request, each further line a pattern.

use std::{cell::Cell, convert::Infallible};

use axum::{Router, body::Body, routing::any};
use http::{Method, Request, Response, Uri};
use percent_encoding::percent_decode_str;
use tower::{Layer, ServiceExt, service_fn};
use tower_phone_auth::{Clock, Kakao, OAuthLayer, SessionKey};
use url::Url;

use crate::{
    fake::Fake,
    shop::{NOW, ORIGIN},
};

thread_local! {
    static PROTECTED: Cell<bool> = const { Cell::new(false) };
}

pub fn target(data: &[u8]) {
    let Some(Case { request, patterns }) = Case::read(data) else {
        return;
    };
    let built = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(Kakao::new("client", "secret"))
        .http_client(Fake::silent())
        .clock(Clock::new(|| *NOW))
        .public(patterns.iter().map(String::as_str))
        .build();
    // The router panics at patterns that the crate refuses.
    let Ok(auth) = built else { return };
    let Some(router) = router(&patterns) else {
        return;
    };
    PROTECTED.set(false);
    let described = format!("{} {}", request.method(), request.uri());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let response = runtime
        .block_on(auth.layer(router).oneshot(request))
        .unwrap();
    assert_ne!(response.status(), 500);
    assert!(
        !PROTECTED.get(),
        "{described} is public by {patterns:?}, and axum routes it elsewhere"
    );
}

struct Case {
    request: Request<Body>,
    patterns: Vec<String>,
}

impl Case {
    fn read(data: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(data).ok()?.split('\n');
        let (method, path) = lines.next()?.split_once(' ')?;
        let request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).ok()?)
            .uri(Uri::try_from(path).ok()?)
            .body(Body::empty());
        Some(Self {
            request: request.ok()?,
            patterns: lines.take(4).map(str::to_owned).collect(),
        })
    }
}

/// The same patterns as axum's routes, as they are written and as browsers send them, with
/// protected routes beside them and everything else protected. `None` if axum would panic.
fn router(patterns: &[String]) -> Option<Router> {
    let mut known = matchit::Router::new();
    let mut router = Router::new().without_v07_checks();
    for pattern in patterns {
        let pattern = pattern.split_once(' ').map_or(&**pattern, |(_, path)| path);
        for path in [pattern.to_owned(), sent(pattern)?] {
            if !path.starts_with('/') || path.starts_with("//") {
                return None;
            }
            // Two methods of one path are one route of axum's.
            if known.insert(path.clone(), ()).is_ok() {
                router = router.route(&path, any(open));
            }
        }
    }
    for path in ["/admin", "/admin/{*rest}", "/assets/private"] {
        if known.at(path).is_err() && known.insert(path, ()).is_ok() {
            router = router.route(path, any(protected));
        }
    }
    // A fallback sees every path that no route has, as a gateway does.
    Some(router.fallback_service(service_fn(|_| async {
        PROTECTED.set(true);
        Ok::<_, Infallible>(Response::new(Body::empty()))
    })))
}

/// The paths of a pattern as browsers send them, encoded by another library. `None` if this target
/// cannot tell.
fn sent(pattern: &str) -> Option<String> {
    let parts = pattern.split('/').map(|part| {
        let plain = part.replace("{{", "").replace("}}", "");
        let has_parameter = plain.contains(['{', '}']);
        let is_simple = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~{}*".contains(&byte);
        if has_parameter {
            return part.bytes().all(is_simple).then(|| part.to_owned());
        }
        let literal = part.replace("{{", "{").replace("}}", "}");
        let decoded = percent_decode_str(&literal).decode_utf8().ok()?;
        let mut url = Url::parse("https://shop.example.com").ok()?;
        url.path_segments_mut().ok()?.clear().push(&decoded);
        // As a segment, a slash or a percent sign in it is encoded, and never public.
        Some(url.path()[1..].to_owned())
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}

async fn open() {}

async fn protected() {
    PROTECTED.set(true);
}
