//! `check_placement` of right places, and of pages outside of the layer.

use axum::{Router, routing::get};
use http::{Request, Response};
use tower::{Layer, ServiceExt, service_fn};
use tower_http::{catch_panic::CatchPanicLayer, trace::TraceLayer};
use tower_phone_auth::{OAuthLayer, VerifiedUser, layer::PlacementError};

use super::{LOOPBACK, auth, builder, check, errors, open, page};
use crate::support::log::Log;

#[tokio::test]
async fn the_right_places_of_the_readme_pass() {
    let rows: [fn(OAuthLayer) -> Router; 6] = [
        |auth| page().layer(auth),
        |auth| page().fallback(async || "f").layer(auth),
        |auth| Router::new().nest("/app", page()).layer(auth),
        |auth| {
            let open = Router::new().route("/open", get(async || "open"));
            open.merge(page().layer(auth))
        },
        |auth| Router::new().fallback_service(auth.layer(page())),
        |auth| {
            let fresh = auth.require();
            let pay = Router::new()
                .route("/pay", get(async || "pay"))
                .route_layer(fresh);
            let app = pay.merge(page()).layer(CatchPanicLayer::new()).layer(auth);
            app.layer(TraceLayer::new_for_http())
        },
    ];
    let log = Log::capture();
    for (row, app) in rows.into_iter().enumerate() {
        let auth = auth(LOOPBACK);
        let pages: &[&str] = if row == 5 { &["/", "/pay"] } else { &["/"] };
        assert_eq!(
            check(&auth, &app(auth.clone()), pages).await,
            Ok(()),
            "{row}"
        );
    }
    assert_eq!(errors(&log), [""; 0]);
}

#[tokio::test]
async fn below_a_path_and_with_another_prefix_it_passes_too() {
    for public_url in [LOOPBACK, "http://127.0.0.1:3000/shop"] {
        let auth = builder(public_url).prefix("/sign/in").build().unwrap();
        assert_eq!(
            check(&auth, &page().layer(auth.clone()), &["/"]).await,
            Ok(())
        );
    }
}

#[tokio::test]
async fn on_bare_tower_it_passes() {
    let auth = auth(LOOPBACK);
    let service = auth.layer(open());
    assert_eq!(auth.check_placement(&service).pages(["/"]).await, Ok(()));
}

#[tokio::test]
async fn no_handler_of_a_method_is_called() {
    let auth = auth(LOOPBACK);
    async fn called() -> &'static str {
        panic!("called")
    }
    let strict = |_: VerifiedUser| async { "strict" };
    let app = Router::new()
        .route("/", get(called).post(called))
        .route("/strict", get(strict))
        .layer(auth.clone());
    assert_eq!(check(&auth, &app, &["/", "/strict"]).await, Ok(()));
}

#[tokio::test]
async fn a_page_outside_of_the_layer_is_found_if_it_is_named() {
    let auth = auth(LOOPBACK);
    let app = page()
        .layer(auth.clone())
        .route("/late", get(async || "late"));
    assert_eq!(check(&auth, &app, &["/"]).await, Ok(()));
    let error = check(&auth, &app, &["/", "/late"]).await.unwrap_err();
    assert!(
        matches!(error, PlacementError::Unprotected { .. }),
        "{error}"
    );
    assert!(
        error.to_string().contains("/late does not pass the layer"),
        "{error}"
    );
    assert!(error.to_string().contains("before .layer(auth)"), "{error}");
}

#[tokio::test]
async fn a_bare_service_that_keeps_a_page_from_the_layer_is_found() {
    let auth = auth(LOOPBACK);
    let inside = auth.layer(open());
    let service = service_fn(move |request: Request<String>| {
        let inside = inside.clone();
        async move {
            match request.uri().path() {
                "/late" => Ok(Response::new(())),
                _ => inside
                    .oneshot(request)
                    .await
                    .map(|answer| answer.map(|_| ())),
            }
        }
    });
    let error = auth
        .check_placement(&service)
        .pages(["/late"])
        .await
        .unwrap_err();
    assert!(
        matches!(error, PlacementError::Unprotected { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn an_error_of_the_service_and_an_invalid_page_are_named() {
    let auth = auth(LOOPBACK);
    let broken = service_fn(|_: Request<String>| async { Err::<Response<()>, _>("burnt down") });
    let error = auth.check_placement(&broken).await.unwrap_err();
    assert!(error.to_string().contains("burnt down"), "{error}");
    let error = check(&auth, &page().layer(auth.clone()), &["no path"])
        .await
        .unwrap_err();
    assert!(matches!(error, PlacementError::Failed { .. }), "{error}");
}
