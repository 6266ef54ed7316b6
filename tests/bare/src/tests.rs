//! Sign-ins and refusals without any feature of the crate.

use bytes::Bytes;
use http::{
    Request, Response, StatusCode,
    header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
};
use http_body_util::{BodyExt, Empty};
use tower::{Layer, ServiceExt, service_fn};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, layer::Variables, provider::HttpClient};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use crate::{answer, client::Plain, settings, status};

/// A page visit with these cookies, in one `name=value` each.
async fn visit(auth: &OAuthLayer, path: &str, cookies: &[String]) -> Response<Bytes> {
    let request = Request::get(path)
        .header("accept", "text/html")
        .header(COOKIE, cookies.join("; "))
        .body(Empty::new());
    let response = auth
        .layer(service_fn(answer))
        .oneshot(request.unwrap())
        .await;
    let (head, body) = response.unwrap().into_parts();
    Response::from_parts(head, body.collect().await.unwrap().to_bytes())
}

/// The cookies that a response sets.
fn cookies(response: &Response<Bytes>) -> Vec<String> {
    let lines = response.headers().get_all(SET_COOKIE).iter();
    let pairs = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap().to_owned());
    pairs.filter(|pair| !pair.ends_with('=')).collect()
}

fn location(response: &Response<Bytes>) -> &str {
    response.headers()[LOCATION].to_str().unwrap()
}

/// Chooses a person on the provider's page. Returns the path of the callback.
async fn agree(authorize: &str, origin: &str) -> String {
    let (page, query) = authorize.split_once('?').unwrap();
    let person = Person::WITH_PHONE;
    let form = format!("{query}&person={person}&phone_number=yes&decision=agree");
    let form = Request::post(page)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Bytes::from(form));
    let back = Plain.send(form.unwrap()).await.unwrap();
    location(&back).strip_prefix(origin).unwrap().to_owned()
}

#[tokio::test]
async fn a_plain_service_is_protected_without_any_feature() {
    assert_eq!(status("/").await, StatusCode::UNAUTHORIZED);
    assert_eq!(status("/healthz").await, StatusCode::OK);
}

#[tokio::test]
async fn a_user_signs_in_over_the_applications_own_client() {
    let origin = "http://127.0.0.1:3000";
    let provider = LocalProvider::start().await.unwrap();
    let secret = provider.client_secret().unwrap();
    let kakao = Kakao::new(provider.client_id(), secret).endpoint_base(provider.origin());
    let auth = OAuthLayer::builder()
        .public_url(origin)
        .session_key(SessionKey::random())
        .provider(kakao)
        .http_client(Plain)
        .build()
        .unwrap();
    let away = visit(&auth, "/orders", &[]).await;
    assert_eq!(away.status(), StatusCode::SEE_OTHER);
    let callback = agree(location(&away), origin).await;
    let back = visit(&auth, &callback, &cookies(&away)).await;
    assert_eq!(
        (back.status(), location(&back)),
        (StatusCode::SEE_OTHER, "/orders")
    );
    let page = visit(&auth, "/orders", &cookies(&back)).await;
    assert_eq!(page.body(), "+821012345678");
}

#[test]
fn without_reqwest_a_missing_client_is_a_config_error() {
    let error = settings().build().unwrap_err().to_string();
    assert!(error.contains("http_client"), "{error}");
    assert!(error.contains("feature \"reqwest\""), "{error}");
    assert!(settings().http_client(Plain).build().is_ok());
}

#[test]
fn without_redis_its_variable_is_a_config_error() {
    let pairs = [
        ("PUBLIC_URL", "http://127.0.0.1:3000"),
        ("OAUTH_PROVIDER", "kakao"),
        ("OAUTH_CLIENT_ID", "key"),
        ("REDIS_URL", "redis://u:s3cret@127.0.0.1"),
    ];
    let variable = |name: &str| {
        let mut found = pairs.iter().filter(|(known, _)| *known == name);
        found.next().map(|(_, value)| (*value).to_owned())
    };
    let error = Variables::from_fn(variable).builder().unwrap_err();
    assert_eq!(error.setting(), "REDIS_URL");
    let error = error.to_string();
    assert!(
        error.contains("feature \"redis\"") && !error.contains("s3cret"),
        "{error}"
    );
    let without = |name: &str| variable(name).filter(|_| name != "REDIS_URL");
    assert!(Variables::from_fn(without).builder().is_ok());
}
