//! `.without_phone()`: the provider is never asked for a number, and the step proves one.

use axum::{Router, routing::get};
use tower_phone_auth::{
    Google, Kakao, Naver, Oidc, VerifiedUser, phone_step::PhoneStep, provider::Provider,
};
use tower_phone_auth_local_provider::LocalProvider;

use super::kit::Outbox;
use crate::support::{
    browser::Browser,
    clients::Clients as _,
    shop::{ORIGIN, Shop},
};

mod numbers;
mod permitted;
mod reader;
mod requests;
mod settings;

/// The dialects of the providers that have the setting.
const ALL: [&str; 4] = ["kakao", "naver", "google", "oidc"];

/// A provider's client without the number.
fn client(provider: &LocalProvider, name: &str) -> Provider {
    match name {
        "kakao" => provider.kakao().without_phone().into(),
        "naver" => provider.naver().without_phone().into(),
        "google" => provider.google().without_phone().into(),
        _ => provider.oidc().without_phone().into(),
    }
}

/// The same client as users have it by default.
fn with_phone(provider: &LocalProvider, name: &str) -> Provider {
    match name {
        "kakao" => provider.kakao().into(),
        "naver" => provider.naver().into(),
        "google" => provider.google().into(),
        _ => provider.oidc().into(),
    }
}

/// A client of each kind without endpoints of a test.
fn elsewhere() -> [Provider; 4] {
    [
        Kakao::new("id", "secret").without_phone().into(),
        Naver::new("id", "secret").without_phone().into(),
        Google::new("id", "secret").without_phone().into(),
        Oidc::new("https://id.example", "id", "secret")
            .without_phone()
            .into(),
    ]
}

/// A shop with a phone step at a provider with this client.
async fn shop(client: impl FnOnce(&LocalProvider) -> Provider) -> (Shop, Outbox) {
    let provider = LocalProvider::start().await.unwrap();
    let outbox = Outbox::default();
    let step = PhoneStep::new(outbox.clone()).site_name("Shop");
    let client = client(&provider);
    let shop = Shop::at(provider, client, |builder| builder.phone_step(step));
    (shop, outbox)
}

/// A browser whose pages show number and assurance.
fn browser(shop: &Shop) -> Browser {
    let shown = async |user: VerifiedUser| format!("{} {}", user.phone, user.phone_assurance);
    let app = Router::new()
        .route("/", get(shown))
        .route("/{*rest}", get(shown));
    Browser::new(app.layer(shop.layer.clone()), ORIGIN)
}
