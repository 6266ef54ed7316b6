//! The outcome of a sign-in, and the requests that the provider received.

use http::StatusCode;
use serde_json::{Value, json};
use tower_phone_auth::{
    VerifiedUser,
    error::{LoginError, LoginErrorKind},
};
use tower_phone_auth_local_provider::{Endpoint, Recorded, faults::Fault};

use super::{
    browser::{JIWOO, Page, location, text},
    shop::Shop,
};

/// Signs in as the user with a phone number, at a provider with these faults.
pub(crate) async fn login(
    shop: &Shop,
    faults: impl IntoIterator<Item = (Endpoint, Fault)>,
) -> Page {
    for (endpoint, fault) in faults {
        shop.provider.fail_next(endpoint, fault);
    }
    shop.browser().come_back("/", JIWOO).await
}

pub(crate) type Refusal<'a> = (u16, LoginErrorKind, Option<&'a str>);

/// Maps each cause of a callback without a pending sign-in to `UnknownState`.
pub(crate) fn not_pending(refusal: Refusal<'_>) -> Refusal<'_> {
    let (status, kind, code) = refusal;
    (
        status,
        super::browser::not_pending(Some(kind)).unwrap(),
        code,
    )
}

/// The status, the cause and the code of a refused sign-in.
pub(crate) fn refusal(page: &Page) -> Refusal<'_> {
    let error = error(page);
    (page.status().as_u16(), error.kind(), error.code())
}

pub(crate) fn error(page: &Page) -> &LoginError {
    let error = page.extensions().get();
    error.unwrap_or_else(|| panic!("not refused: {} {}", page.status(), text(page)))
}

#[track_caller]
pub(crate) fn assert_signed_in(page: &Page, case: &str) {
    let error = page.extensions().get::<LoginError>();
    assert_eq!(page.status(), StatusCode::SEE_OTHER, "{case}: {error:?}");
    assert_eq!(location(page), "/", "{case}");
}

/// Asserts that the word stands neither on the page, nor in a header, nor in the error's texts.
#[track_caller]
pub(crate) fn assert_not_repeated(page: &Page, word: &str) {
    let error = error(page);
    let shown = format!("{error} {error:?} {:?} {}", page.headers(), text(page));
    assert!(!shown.contains(word), "{shown}");
}

/// The only request that this endpoint received.
pub(crate) fn sent(shop: &Shop, endpoint: Endpoint) -> Recorded {
    let mut requests = shop.provider.requests();
    requests.retain(|request| request.endpoint == Some(endpoint));
    assert_eq!(requests.len(), 1, "{requests:?}");
    requests.remove(0)
}

pub(crate) fn form_value(request: &Recorded, name: &str) -> Option<String> {
    let mut pairs = request.form().into_iter();
    pairs.find_map(|(key, value)| (key == name).then_some(value))
}

/// An answer with status 200 and exactly this body, `null` members included.
pub(crate) fn ok(body: &Value) -> Fault {
    Fault::json(StatusCode::OK, body)
}

/// Signs in with a changed profile. Returns the user as the shop sees them.
pub(crate) async fn user_with_profile(shop: &Shop, patch: Value) -> Value {
    shop.provider
        .fail_next(Endpoint::Profile, Fault::Merge(patch));
    signed_in_user(shop).await
}

/// Signs in. Returns the user as the shop sees them.
pub(crate) async fn signed_in_user(shop: &Shop) -> Value {
    let app = axum::Router::new().route("/", axum::routing::get(user_as_json));
    let mut browser = shop.browser();
    browser.moves_to(app.layer(shop.layer.clone()));
    let page = browser.sign_in("/", JIWOO).await;
    serde_json::from_slice(page.body()).unwrap()
}

async fn user_as_json(user: VerifiedUser) -> axum::Json<Value> {
    axum::Json(json!({
        "phone": user.phone,
        "assurance": format!("{:?}", user.phone_assurance),
        "provider": &*user.provider,
        "subject": &*user.subject,
        "name": user.name(),
        "email": user.email(),
        "email_verified": user.email_verified(),
    }))
}
