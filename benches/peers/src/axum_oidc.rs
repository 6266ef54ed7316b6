//! The same application with axum-oidc, and its session in the memory store of tower-sessions. The
//! session holds the tokens of a sign-in at the local provider. A request verifies the ID token.

use std::hint::black_box;

use axum::{
    Router,
    body::Body,
    error_handling::HandleErrorLayer,
    extract::Request,
    http::{
        HeaderMap, Uri,
        header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use axum_oidc::{
    EmptyAdditionalClaims, OidcAuthLayer, OidcClaims, OidcClient, OidcLoginLayer,
    error::MiddlewareError,
};
use reqwest::{Client, Url, redirect::Policy};
use tower::{ServiceBuilder, ServiceExt};
use tower_phone_auth_local_provider::{LocalProvider, Person, PhoneIn, Userinfo};
use tower_sessions::{MemoryStore, SessionManagerLayer, cookie::SameSite};

use crate::{App, pair};

type Claims = EmptyAdditionalClaims;

async fn greet(claims: OidcClaims<Claims>) -> &'static str {
    black_box(claims);
    "hello"
}

async fn failed(error: MiddlewareError) -> Response {
    error.into_response()
}

/// The application after a sign-in. The provider then stops, because no further request needs it.
pub async fn app() -> App {
    let provider = LocalProvider::start().await;
    let provider = provider.expect("there is a free port");
    provider.configure(|settings| {
        // The claims are those of the user of the other applications.
        settings.oidc.phone_in = PhoneIn::IdToken;
        settings.oidc.userinfo = Userinfo::Absent;
        // A request clones the key set.
        settings.oidc.strange_keys = false;
    });
    let http = Client::builder().redirect(Policy::none()).no_proxy();
    let http = http.build().expect("a client needs nothing");
    let router = router(&provider, &http).await;

    let left = visit(&router, "/", None).await;
    let cookie = pair(&left[SET_COOKIE]);
    let callback = agree(&http, location(&left)).await;
    let target = format!("/?{}", callback.query().expect("a callback has a query"));
    let back = visit(&router, &target, Some(&cookie)).await;
    assert_eq!(location(&back).path(), "/");
    App { router, cookie }
}

async fn router(provider: &LocalProvider, http: &Client) -> Router {
    let client = OidcClient::<Claims>::discover_new_with_client(
        Uri::from_static("http://127.0.0.1:3000"),
        provider.oidc_issuer(),
        provider.client_id(),
        provider.client_secret(),
        ["profile", "email", "phone"].map(str::to_owned).into(),
        http,
    );
    let client = client.await.expect("the provider has metadata");
    let login = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(failed))
        .layer(OidcLoginLayer::<Claims>::new());
    let auth = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(failed))
        .layer(OidcAuthLayer::new(client));
    let sessions = SessionManagerLayer::new(MemoryStore::default())
        .with_secure(false)
        .with_same_site(SameSite::Lax);
    Router::new()
        .route("/", get(greet))
        .layer(login)
        .layer(auth)
        .layer(sessions)
}

/// The headers of the answer.
async fn visit(router: &Router, target: &str, cookie: Option<&str>) -> HeaderMap {
    let request = Request::get(target).header(COOKIE, cookie.unwrap_or_default());
    let request = request.body(Body::empty()).expect("it is well-formed");
    let answer = router.clone().oneshot(request).await;
    answer.expect("a router cannot fail").into_parts().0.headers
}

/// Signs the user in at the provider. The result is the callback.
async fn agree(http: &Client, mut page: Url) -> Url {
    let person = Person::WITH_PHONE;
    let asked = page.query().unwrap_or_default();
    let form = format!("{asked}&person={person}&phone_number=yes&decision=agree");
    page.set_query(None);
    let request = http.post(page).body(form);
    let request = request.header(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded");
    let answer = request.send().await.expect("the provider answers");
    let callback = answer.headers()[LOCATION.as_str()].to_str();
    callback
        .ok()
        .and_then(|url| url.parse().ok())
        .expect("it is a URL")
}

fn location(headers: &HeaderMap) -> Url {
    let url = headers[LOCATION].to_str().ok();
    url.and_then(|url| url.parse().ok()).expect("it is a URL")
}
