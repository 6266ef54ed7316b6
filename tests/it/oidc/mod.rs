//! OpenID Connect, tested by real sign-ins. The tests cover the modules of the OpenID Foundation's
//! suite for relying parties, and the quirks of the catalogue by their numbers.

use serde_json::Value;
use tower_phone_auth::{Builder, Oidc, error::LoginErrorKind::IdTokenRejected};
use tower_phone_auth_local_provider::{Algorithm, LocalProvider, OidcSettings};

use crate::support::{
    browser::Page,
    outcome::{
        Refusal, assert_not_repeated, assert_signed_in, form_value, login, ok, refusal, sent,
        user_with_profile,
    },
    shop::Shop,
};

mod algorithms;
mod at_hash;
mod audience;
mod claims_parameter;
mod client;
mod conformance;
mod discovery;
mod id_token;
mod issuer;
mod key_cache;
mod key_forms;
mod key_numbers;
mod keys;
mod log_details;
mod metadata;
mod method;
mod missing_number;
mod moved_keys;
mod naver;
mod outage;
mod parameters;
mod phone;
mod phone_settings;
mod presets;
mod private_addresses;
mod pushed;
mod recorded;
mod reprompt;
mod rerouted;
mod scopes;
mod second_address;
mod shape;
mod signature;
mod skew;
mod step_up;
pub(crate) mod subjects;
mod third_party;
pub(crate) mod times;
mod token_form;
mod token_type;
mod userinfo;
mod userinfo_algorithms;
mod userinfo_need;

/// The secure algorithms.
const SECURE_ALGORITHMS: [Algorithm; 10] = [
    Algorithm::Rs256,
    Algorithm::Rs384,
    Algorithm::Rs512,
    Algorithm::Ps256,
    Algorithm::Ps384,
    Algorithm::Ps512,
    Algorithm::Es256,
    Algorithm::Es384,
    Algorithm::Es512,
    Algorithm::EdDsa,
];

/// A shop at an OpenID Connect provider with changed settings.
async fn open(change: impl FnOnce(&mut OidcSettings)) -> Shop {
    open_with(change, |oidc| oidc, |builder| builder).await
}

pub(crate) async fn open_with(
    change: impl FnOnce(&mut OidcSettings),
    client: impl FnOnce(Oidc) -> Oidc,
    settings: impl FnOnce(Builder) -> Builder,
) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| change(&mut settings.oidc));
    let oidc = client(registered(&provider));
    Shop::at(provider, oidc, settings)
}

/// The client that is registered at the provider.
fn registered(provider: &LocalProvider) -> Oidc {
    let (issuer, id) = (provider.oidc_issuer(), provider.client_id());
    match provider.client_secret() {
        Some(secret) => Oidc::new(issuer, id, secret),
        None => Oidc::without_secret(issuer, id),
    }
}

/// Signs in with a forged ID token.
async fn forged(
    shop: &Shop,
    forge: impl Fn(&mut Value, &mut Value) + Send + Sync + 'static,
) -> Page {
    shop.provider.forge_id_token(forge);
    let page = login(shop, []).await;
    shop.provider.clear_id_token_faults();
    page
}

/// Signs in with one claim of the ID token replaced or removed.
async fn claiming(shop: &Shop, name: &'static str, value: Option<Value>) -> Page {
    forged(shop, move |_, claims| set(claims, name, value.clone())).await
}

fn set(object: &mut Value, name: &str, value: Option<Value>) {
    let object = object.as_object_mut().unwrap();
    match value {
        Some(value) => object.insert(name.to_owned(), value),
        None => object.remove(name),
    };
}

/// The refusal of an ID token or of signed userinfo, with the code of the invalid part.
const fn rejected(part: &str) -> Refusal<'_> {
    (502, IdTokenRejected, Some(part))
}
