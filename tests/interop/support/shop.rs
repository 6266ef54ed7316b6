//! A shop behind the layer, whose pages show the data of the user.

use std::time::Duration;

use axum::{Router, routing::get};
use tower_phone_auth::{Builder, OAuthLayer, Oidc, SessionKey, VerifiedUser};

use super::browser::Browser;

pub(crate) const ORIGIN: &str = "http://127.0.0.1:3000";

/// A secret with the special characters of URLs, forms and Basic.
pub(crate) const SECRET: &str = "a secret/with:+%&=~";

/// The page `/pay` requires a sign-in of at most this age.
pub(crate) const PAY_WITHIN: Duration = Duration::from_secs(10);

/// A browser at a shop with the default settings.
pub(crate) fn shop(oidc: Oidc) -> Browser {
    shop_with(oidc, |builder| builder)
}

pub(crate) fn shop_with(oidc: Oidc, settings: impl FnOnce(Builder) -> Builder) -> Browser {
    let builder = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(oidc.scope("profile").scope("email"));
    let layer = settings(builder).build().unwrap();
    let pay = Router::new()
        .route("/pay", get(profile))
        .route_layer(layer.require().max_age(PAY_WITHIN));
    let app = Router::new().route("/{*rest}", get(profile)).merge(pay);
    Browser::new(app.layer(layer))
}

async fn profile(user: VerifiedUser) -> String {
    let VerifiedUser {
        phone,
        phone_assurance,
        subject,
        ..
    } = &user;
    let (name, email) = (
        user.name().unwrap_or_default(),
        user.email().unwrap_or_default(),
    );
    let email_verified = user.email_verified();
    format!("{phone} {phone_assurance:?}, {subject}, {name}, {email} {email_verified}")
}
