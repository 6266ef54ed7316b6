//! A sign-in with each layer alone.

use std::time::Duration;

use crate::{
    browser::signs_in,
    shop::{Bare, Shop, routes},
};
use axum::body::Body;
use http::{
    HeaderName, HeaderValue, Request, Response, StatusCode,
    header::{AUTHORIZATION, COOKIE, SET_COOKIE},
};
use tower::ServiceBuilder;
use tower_http::{
    add_extension::AddExtensionLayer,
    auth::{AddAuthorizationLayer, AsyncRequireAuthorizationLayer},
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    cors::CorsLayer,
    csrf::CsrfLayer,
    decompression::{DecompressionLayer, RequestDecompressionLayer},
    limit::RequestBodyLimitLayer,
    map_request_body::MapRequestBodyLayer,
    map_response_body::MapResponseBodyLayer,
    metrics::InFlightRequestsLayer,
    normalize_path::NormalizePathLayer,
    on_early_drop::{EarlyDropsAsFailures, OnEarlyDropLayer},
    propagate_header::PropagateHeaderLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    sensitive_headers::SetSensitiveHeadersLayer,
    set_header::{SetRequestHeaderLayer, SetResponseHeaderLayer},
    timeout::{
        RequestBodyDeadlineLayer, RequestBodyTimeoutLayer, ResponseBodyDeadlineLayer,
        ResponseBodyTimeoutLayer, TimeoutLayer,
    },
    trace::{DefaultOnFailure, TraceLayer},
    validate_request::ValidateRequestHeaderLayer,
};

/// More than any test takes.
const LONG: Duration = Duration::from_secs(60);
const NAME: HeaderName = HeaderName::from_static("x-name");
const VALUE: HeaderValue = HeaderValue::from_static("value");

/// A test for each layer, with a sign-in in both orders on both applications.
macro_rules! in_both_orders {
    ($($name:ident: $layer:expr;)*) => {$(
        #[tokio::test]
        async fn $name() {
            let shop = Shop::open().await;
            let auth = || shop.auth.clone();
            signs_in(&shop, routes().layer(ServiceBuilder::new().layer($layer).layer(auth()))).await;
            signs_in(&shop, routes().layer(ServiceBuilder::new().layer(auth()).layer($layer))).await;
            signs_in(&shop, ServiceBuilder::new().layer($layer).layer(auth()).service(Bare)).await;
            signs_in(&shop, ServiceBuilder::new().layer(auth()).layer($layer).service(Bare)).await;
        }
    )*};
}

in_both_orders! {
    add_extension: AddExtensionLayer::new(7_u8);
    add_authorization: AddAuthorizationLayer::bearer("token");
    async_require_authorization: AsyncRequireAuthorizationLayer::new(any_request);
    catch_panic: CatchPanicLayer::new();
    compression: CompressionLayer::new();
    cors: CorsLayer::permissive();
    csrf: CsrfLayer::new();
    decompression: DecompressionLayer::new();
    request_decompression: RequestDecompressionLayer::new();
    request_body_limit: RequestBodyLimitLayer::new(4096);
    map_request_body: MapRequestBodyLayer::new(Body::new);
    map_response_body: MapResponseBodyLayer::new(Body::new);
    in_flight_requests: InFlightRequestsLayer::pair().0;
    normalize_path: NormalizePathLayer::trim_trailing_slash();
    on_early_drop: OnEarlyDropLayer::new(EarlyDropsAsFailures::new(DefaultOnFailure::default()));
    propagate_header: PropagateHeaderLayer::new(NAME);
    set_request_id: SetRequestIdLayer::x_request_id(MakeRequestUuid);
    propagate_request_id: PropagateRequestIdLayer::x_request_id();
    sensitive_headers: SetSensitiveHeadersLayer::new([AUTHORIZATION, COOKIE, SET_COOKIE]);
    set_request_header: SetRequestHeaderLayer::overriding(NAME, VALUE);
    set_response_header: SetResponseHeaderLayer::overriding(NAME, VALUE);
    timeout: TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONG);
    request_body_timeout: RequestBodyTimeoutLayer::new(LONG);
    request_body_deadline: RequestBodyDeadlineLayer::new(LONG);
    response_body_timeout: ResponseBodyTimeoutLayer::new(LONG);
    response_body_deadline: ResponseBodyDeadlineLayer::new(LONG);
    trace_of_http: TraceLayer::new_for_http();
    trace_of_grpc: TraceLayer::new_for_grpc();
    validate_request: ValidateRequestHeaderLayer::accept("text/html");
}

/// Admits every request.
async fn any_request<B, R>(request: Request<B>) -> Result<Request<B>, Response<R>> {
    Ok(request)
}
