//! The report of `OAuthLayer::doctor`. `cargo test --test it doctor::broken -- --nocapture` prints
//! the reports about broken set-ups.

use base64::{Engine, engine::general_purpose::STANDARD};
use tower_phone_auth::{
    Builder, Oidc, SessionKey,
    doctor::{Check, CheckState, Report},
    provider::Provider,
    revocation::InProcessLog,
};
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::clients::Clients as _;
use crate::support::shop::{HTTPS, Shop};

mod broken;
mod custom;
mod explained;
mod good;
mod harmless;
mod output;

/// The text of a fixed key, which stays valid after a restart.
fn key_text() -> String {
    let bytes: [u8; 64] = std::array::from_fn(|index| u8::try_from(index * 3 + 11).unwrap());
    STANDARD.encode(bytes)
}

/// A shop with correct settings, before `settings` change them.
fn shop(
    provider: LocalProvider,
    client: impl Into<Provider>,
    settings: impl FnOnce(Builder) -> Builder,
) -> Shop {
    Shop::at(provider, client, |builder| {
        let builder = builder
            .public_url(HTTPS)
            .session_key(SessionKey::parse(&key_text()).unwrap())
            .revocation_log(InProcessLog::default());
        settings(builder)
    })
}

/// An OpenID shop, with a provider and a client that a test may change.
async fn openid(
    provide: impl FnOnce(&LocalProvider),
    client: impl FnOnce(&LocalProvider, Oidc) -> Oidc,
    settings: impl FnOnce(Builder) -> Builder,
) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    provide(&provider);
    let client = client(&provider, provider.oidc());
    shop(provider, client, settings)
}

/// An OpenID shop with these settings of the application.
async fn openid_with(settings: impl FnOnce(Builder) -> Builder) -> Shop {
    openid(|_| {}, |_, oidc| oidc, settings).await
}

#[track_caller]
fn check<'r>(report: &'r Report, subject: &str, name: &str) -> &'r Check {
    let checks = report.checks().iter();
    let mut found = checks.filter(|check| check.subject() == subject && check.name() == name);
    let check = found.next();
    let check = check.unwrap_or_else(|| panic!("no {name} of {subject} in\n{report}"));
    assert_eq!(found.next(), None, "the check is in the report twice");
    check
}

/// The names of the checks with this state or a worse one.
fn names(report: &Report, state: CheckState) -> Vec<&'static str> {
    let checks = report.checks().iter();
    let checks = checks.filter(|check| check.state() >= state);
    checks.map(Check::name).collect()
}
