//! `Cache-Control` of responses to requests with a `VerifiedUser`, on axum and on a bare service.

use std::convert::Infallible;

use axum::{
    Router,
    body::Body,
    routing::{any, get},
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header::CACHE_CONTROL};
use tower::{Layer, Service, ServiceExt, service_fn};
use tower_phone_auth::{Builder, Kakao, OAuthLayer, SessionKey, TestUser, VerifiedUser};

use crate::support::shop::ORIGIN;

mod own_answers;
mod unusual_requests;

const PAGES: [Option<&str>; 8] = [
    None,
    Some(""),
    Some("empty"),
    Some("document"),
    Some("frame"),
    Some("iframe"),
    Some("embed"),
    Some("object"),
];
const PARTS: [&str; 13] = [
    "script",
    "style",
    "image",
    "font",
    "audio",
    "video",
    "track",
    "manifest",
    "worker",
    "serviceworker",
    "json",
    "report",
    "xslt",
];

fn layer(settings: impl FnOnce(Builder) -> Builder) -> OAuthLayer {
    let builder = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(Kakao::new("key", "secret"))
        .public(["/open/{*rest}"]);
    settings(builder).build().unwrap()
}

/// A request with the session of a user, or without a session.
fn request(layer: &OAuthLayer, signed_in: bool, path: &str, dest: Option<&str>) -> Request<Body> {
    let mut request = Request::get(path);
    if signed_in {
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        request = request.header("cookie", user.cookie(layer).unwrap());
    }
    if let Some(dest) = dest {
        request = request.header("sec-fetch-dest", dest);
    }
    request.body(Body::empty()).unwrap()
}

fn routes() -> Router {
    let phone = async |user: Option<VerifiedUser>| {
        user.map_or_else(String::new, |user| user.phone.to_string())
    };
    let hour = async || [(CACHE_CONTROL, "public, max-age=3600")];
    Router::new()
        .route("/me", any(phone))
        .route("/open/page", get(phone))
        .route("/hour", get(hour))
        .route("/open/hour", get(hour))
        .route("/gone", get(async || StatusCode::NOT_FOUND))
}

async fn answer<S, R>(service: S, request: Request<Body>) -> Option<String>
where
    S: Service<Request<Body>, Response = Response<R>, Error: std::fmt::Debug>,
{
    let response = service.oneshot(request).await.unwrap();
    let lines = response.headers().get_all(CACHE_CONTROL).iter();
    let lines: Vec<_> = lines
        .map(|line| line.to_str().unwrap().to_owned())
        .collect();
    (!lines.is_empty()).then(|| lines.join(" | "))
}

/// The `Cache-Control` of a response of the application.
async fn cache_control(
    layer: &OAuthLayer,
    signed_in: bool,
    path: &str,
    dest: Option<&str>,
) -> Option<String> {
    let request = request(layer, signed_in, path, dest);
    answer(routes().layer(layer.clone()), request).await
}

#[tokio::test]
async fn a_page_with_a_user_is_not_stored_and_its_parts_are_private() {
    let layer = layer(|builder| builder);
    for path in ["/me", "/gone", "/nowhere"] {
        for dest in PAGES {
            let said = cache_control(&layer, true, path, dest).await;
            assert_eq!(said.as_deref(), Some("no-store"), "{path} {dest:?}");
        }
        for dest in PARTS {
            let said = cache_control(&layer, true, path, Some(dest)).await;
            assert_eq!(said.as_deref(), Some("private, no-cache"), "{path} {dest}");
        }
    }
}

#[tokio::test]
async fn on_public_paths_only_a_page_with_a_user_is_not_stored() {
    let layer = layer(|builder| builder);
    for dest in PAGES {
        let with_user = cache_control(&layer, true, "/open/page", dest).await;
        assert_eq!(with_user.as_deref(), Some("no-store"), "{dest:?}");
        assert_eq!(
            cache_control(&layer, false, "/open/page", dest).await,
            None,
            "{dest:?}"
        );
    }
    for dest in PARTS {
        assert_eq!(
            cache_control(&layer, true, "/open/page", Some(dest)).await,
            None,
            "{dest}"
        );
        assert_eq!(
            cache_control(&layer, false, "/open/page", Some(dest)).await,
            None,
            "{dest}"
        );
    }
}

#[tokio::test]
async fn the_applications_own_cache_control_is_kept() {
    let layer = layer(|builder| builder);
    for (signed_in, path, dest) in [
        (true, "/hour", None),
        (true, "/hour", Some("image")),
        (true, "/open/hour", Some("document")),
        (false, "/open/hour", Some("document")),
    ] {
        let said = cache_control(&layer, signed_in, path, dest).await;
        assert_eq!(
            said.as_deref(),
            Some("public, max-age=3600"),
            "{path} {dest:?}"
        );
    }
}

#[tokio::test]
async fn the_application_may_choose_another_default_or_none() {
    let private = HeaderValue::from_static("private, max-age=5");
    let chosen = layer(|builder| builder.default_cache_control(private));
    let none = layer(|builder| builder.default_cache_control(None));
    for dest in [None, Some("document"), Some("image")] {
        let said = cache_control(&chosen, true, "/me", dest).await;
        assert_eq!(said.as_deref(), Some("private, max-age=5"), "{dest:?}");
        assert_eq!(
            cache_control(&none, true, "/me", dest).await,
            None,
            "{dest:?}"
        );
    }
    let page = cache_control(&chosen, true, "/open/page", None).await;
    assert_eq!(page.as_deref(), Some("private, max-age=5"));
    assert_eq!(
        cache_control(&chosen, true, "/open/page", Some("image")).await,
        None
    );
    assert_eq!(
        cache_control(&chosen, false, "/open/page", None).await,
        None
    );
    let hour = cache_control(&chosen, true, "/hour", None).await;
    assert_eq!(hour.as_deref(), Some("public, max-age=3600"));
}

#[tokio::test]
async fn a_repeated_destination_counts_as_a_page() {
    let layer = layer(|builder| builder);
    let mut repeated = request(&layer, true, "/me", Some("image"));
    let twice = HeaderValue::from_static("image");
    repeated.headers_mut().append("sec-fetch-dest", twice);
    let said = answer(routes().layer(layer.clone()), repeated).await;
    assert_eq!(said.as_deref(), Some("no-store"));
}

#[tokio::test]
async fn every_method_counts_and_a_foreign_post_without_a_user_gets_no_header() {
    let layer = layer(|builder| builder);
    for method in [Method::HEAD, Method::POST, Method::DELETE] {
        let mut request = request(&layer, true, "/me", Some("empty"));
        *request.method_mut() = method.clone();
        let said = answer(routes().layer(layer.clone()), request).await;
        assert_eq!(said.as_deref(), Some("no-store"), "{method}");
    }
    let mut foreign = request(&layer, true, "/open/page", None);
    *foreign.method_mut() = Method::POST;
    let site = HeaderValue::from_static("cross-site");
    foreign.headers_mut().insert("sec-fetch-site", site);
    assert_eq!(answer(routes().layer(layer.clone()), foreign).await, None);
}

/// A service that answers with this status and these headers.
async fn bare(
    status: u16,
    lines: &[(&'static str, &'static str)],
    kind: &'static str,
) -> Option<String> {
    let auth = layer(|builder| builder);
    let headers: HeaderMap = lines
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect();
    let service = service_fn(move |request: Request<Body>| {
        assert!(request.extensions().get::<VerifiedUser>().is_some());
        let mut response = Response::new(String::new());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        response.headers_mut().clone_from(&headers);
        async { Ok::<_, Infallible>(response) }
    });
    let mut request = request(&auth, true, "/call", None);
    *request.method_mut() = if kind.is_empty() {
        Method::GET
    } else {
        Method::POST
    };
    request
        .headers_mut()
        .insert("content-type", HeaderValue::from_static(kind));
    answer(auth.layer(service), request).await
}

#[tokio::test]
async fn a_switched_protocol_and_grpc_get_no_header_on_a_bare_service() {
    let upgraded = [("upgrade", "websocket"), ("connection", "upgrade")];
    assert_eq!(bare(101, &upgraded, "").await, None);
    for grpc in [
        "application/grpc",
        "application/grpc+proto",
        "application/grpc-web+proto",
    ] {
        assert_eq!(
            bare(200, &[("content-type", grpc)], "").await,
            None,
            "{grpc}"
        );
    }
    assert_eq!(bare(200, &[], "application/grpc").await, None);
    for status in [200, 204, 304, 404, 500] {
        assert_eq!(
            bare(status, &[], "").await.as_deref(),
            Some("no-store"),
            "{status}"
        );
    }
    let json = bare(
        200,
        &[("content-type", "application/json")],
        "application/json",
    )
    .await;
    assert_eq!(json.as_deref(), Some("no-store"));
    let own = bare(200, &[("cache-control", "max-age=5")], "").await;
    assert_eq!(own.as_deref(), Some("max-age=5"));
}
