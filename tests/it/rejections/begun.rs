use http::StatusCode;
use tower_phone_auth::error::LoginErrorKind;
use tower_phone_auth_local_provider::Endpoint;

use crate::support::{
    browser::{Browser, JIWOO, refusal},
    shop::Shop,
};

/// A browser that has signed in at the provider, and the callback that it has not opened yet.
pub(super) async fn begin(shop: &Shop) -> (Browser, String) {
    let mut browser = shop.browser();
    let away = browser.visit("/cart").await;
    let callback = browser.act(&away, JIWOO).await;
    (browser, callback)
}

/// Opens a callback that the layer must refuse without a session and without a call to the
/// provider.
pub(super) async fn assert_unknown(shop: &Shop, browser: &mut Browser, callback: &str) {
    let page = browser.visit(callback).await;
    assert_eq!(
        crate::support::browser::not_pending(refusal(&page)),
        Some(LoginErrorKind::UnknownState)
    );
    assert_eq!(page.status(), StatusCode::BAD_REQUEST);
    assert_eq!(browser.session(), None);
    assert_eq!(shop.provider.count(Endpoint::Token), 0);
}
