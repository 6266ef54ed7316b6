//! The usual layers of an application together.

use std::time::Duration;

use http::StatusCode;
use tower::ServiceBuilder;
use tower_http::{
    ServiceBuilderExt, catch_panic::CatchPanicLayer, compression::CompressionLayer,
    cors::CorsLayer, csrf::CsrfLayer, decompression::DecompressionLayer,
    limit::RequestBodyLimitLayer, request_id::MakeRequestUuid, timeout::TimeoutLayer,
    trace::TraceLayer,
};

use crate::{
    browser::signs_in,
    shop::{Bare, Shop, routes},
};

/// The layers, the outermost first.
macro_rules! usual {
    () => {
        ServiceBuilder::new()
            .set_x_request_id(MakeRequestUuid)
            .sensitive_headers([http::header::COOKIE, http::header::SET_COOKIE])
            .layer(TraceLayer::new_for_http())
            .propagate_x_request_id()
            .layer(DecompressionLayer::new())
            .layer(CompressionLayer::new())
            .layer(CorsLayer::permissive())
            .layer(CsrfLayer::new())
            .layer(RequestBodyLimitLayer::new(4096))
            .layer(TimeoutLayer::with_status_code(
                StatusCode::REQUEST_TIMEOUT,
                Duration::from_secs(60),
            ))
            .layer(CatchPanicLayer::new())
    };
}

#[tokio::test]
async fn a_user_signs_in_behind_the_usual_layers_together() {
    let shop = Shop::open().await;
    let auth = || shop.auth.clone();
    signs_in(&shop, routes().layer(usual!().layer(auth()))).await;
    signs_in(&shop, usual!().layer(auth()).service(Bare)).await;
}

#[tokio::test]
async fn a_user_signs_in_before_the_usual_layers_together() {
    let shop = Shop::open().await;
    let auth = || ServiceBuilder::new().layer(shop.auth.clone());
    signs_in(&shop, routes().layer(auth().layer(usual!()))).await;
    signs_in(&shop, auth().layer(usual!()).service(Bare)).await;
}

/// `require()` has the same body, so it composes in the same way.
#[tokio::test]
async fn a_user_signs_in_with_require_among_the_usual_layers() {
    let shop = Shop::open().await;
    let (auth, require) = (|| shop.auth.clone(), || shop.auth.require());
    signs_in(
        &shop,
        routes().layer(usual!().layer(auth()).layer(usual!()).layer(require())),
    )
    .await;
    let bare = usual!().layer(auth()).layer(usual!()).layer(require());
    signs_in(&shop, bare.layer(usual!()).service(Bare)).await;
}
