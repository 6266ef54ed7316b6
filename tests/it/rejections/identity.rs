//! The application never sees a user that the layer did not insert.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::body::Body;
use http::{Method, Request, Response, StatusCode};
use tower::{Layer, ServiceExt};
use tower_phone_auth::VerifiedUser;

use crate::support::{browser::JIWOO, shop::Shop};

type Seen = Arc<Mutex<Vec<Option<VerifiedUser>>>>;

/// Sends requests through the layer; the users that the wrapped service saw, and the statuses.
async fn seen(shop: &Shop, requests: Vec<Request<Body>>) -> (Vec<Option<VerifiedUser>>, Vec<u16>) {
    let seen = Seen::default();
    let record = Arc::clone(&seen);
    let app = tower::service_fn(move |request: Request<Body>| {
        let user = request.extensions().get::<VerifiedUser>().cloned();
        record.lock().unwrap().push(user);
        async { Ok::<_, Infallible>(Response::new(Body::empty())) }
    });
    let app = shop.layer.layer(app);
    let mut statuses = Vec::new();
    for request in requests {
        let response = app.clone().oneshot(request).await.unwrap();
        statuses.push(response.status().as_u16());
    }
    let seen = seen.lock().unwrap().clone();
    (seen, statuses)
}

fn request(method: Method, path: &str) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().unwrap();
    request
}

/// A user of another shop's layer.
async fn foreign_user() -> VerifiedUser {
    let shop = Shop::open().await;
    let session = signed_in(&shop).await;
    let mut request = request(Method::GET, "/");
    request
        .headers_mut()
        .insert("cookie", session.parse().unwrap());
    let (mut users, _) = seen(&shop, vec![request]).await;
    users.pop().unwrap().unwrap()
}

async fn signed_in(shop: &Shop) -> String {
    let mut browser = shop.browser();
    browser.sign_in("/", JIWOO).await;
    format!("phone-auth={}", browser.session().unwrap())
}

#[tokio::test]
async fn a_forged_user_in_the_extensions_opens_no_protected_path() {
    let shop = Shop::open().await;
    let foreign = foreign_user().await;
    let mut requests = Vec::new();
    for method in [Method::GET, Method::POST, Method::OPTIONS] {
        let mut request = request(method, "/cart");
        request.extensions_mut().insert(foreign.clone());
        requests.push(request);
    }
    let (users, statuses) = seen(&shop, requests).await;
    assert_eq!(statuses, [401, 401, 401]);
    assert!(users.is_empty());
}

#[tokio::test]
async fn a_forged_user_is_removed_on_public_paths() {
    let shop = Shop::open().await;
    let mut request = request(Method::GET, "/maybe");
    request.extensions_mut().insert(foreign_user().await);
    let (users, statuses) = seen(&shop, vec![request]).await;
    assert_eq!((users, statuses), (vec![None], vec![200]));
}

#[tokio::test]
async fn the_session_wins_over_a_forged_user() {
    let shop = Shop::open().await;
    let mut foreign = foreign_user().await;
    foreign.subject = "another user".into();
    let mut request = request(Method::GET, "/cart");
    request.extensions_mut().insert(foreign);
    let session = signed_in(&shop).await;
    request
        .headers_mut()
        .insert("cookie", session.parse().unwrap());
    let (users, _) = seen(&shop, vec![request]).await;
    let user = users[0].as_ref().unwrap();
    assert_eq!(&*user.subject, "1376016924429759228");
}

#[tokio::test]
async fn headers_that_name_a_user_or_another_path_open_nothing() {
    let shop = Shop::open().await;
    for (name, value) in [
        ("x-forwarded-user", "admin"),
        ("x-auth-request-user", "admin"),
        ("x_verified_user", "admin"),
        ("verifieduser", "+821012345678"),
        ("authorization", "Bearer phone-auth"),
        ("x-original-url", "/healthz"),
        ("x-rewrite-url", "/healthz"),
        ("x-forwarded-uri", "/healthz"),
        ("x-http-method-override", "OPTIONS"),
        ("user-agent", "kube-probe/1.30"),
        ("x-forwarded-for", "127.0.0.1"),
    ] {
        let mut request = request(Method::GET, "/cart");
        request.headers_mut().insert(name, value.parse().unwrap());
        let (users, statuses) = seen(&shop, vec![request]).await;
        assert_eq!((users, statuses), (vec![], vec![401]), "{name}");
    }
}

#[tokio::test]
async fn paths_that_only_look_public_are_protected() {
    let shop = Shop::open().await;
    for path in [
        "/healthz/",
        "/HEALTHZ",
        "/%68ealthz",
        "//healthz",
        "/./healthz",
        "/cart/../healthz",
        "/healthz/../cart",
        "/healthz/%2e%2e/cart",
        "/healthz%2f..%2fcart",
        "/healthz;x",
        "/healthz%00",
        "/healthz%23/cart",
        "/healthz%3f",
        "/cart?x=/healthz",
        "/cart%00/healthz",
        "http://127.0.0.1:3000/cart?/healthz",
        "/healthz\\..\\cart",
    ] {
        let Ok(uri) = path.parse() else { continue };
        let mut request = request(Method::GET, "/");
        *request.uri_mut() = uri;
        let (users, statuses) = seen(&shop, vec![request]).await;
        assert_eq!((users, statuses), (vec![], vec![401]), "{path}");
    }
}

#[tokio::test]
async fn a_session_of_another_shop_opens_nothing() {
    let (shop, other) = (Shop::open().await, Shop::open().await);
    let session = signed_in(&other).await;
    let mut request = request(Method::GET, "/cart");
    request
        .headers_mut()
        .insert("cookie", session.parse().unwrap());
    let (users, statuses) = seen(&shop, vec![request]).await;
    assert_eq!(
        (users, statuses),
        (vec![], vec![StatusCode::UNAUTHORIZED.as_u16()])
    );
}
