//! The quirks of Google, each tested by a complete sign-in. The numbers are those of the catalogue
//! of quirks.

use tower_phone_auth::{Builder, Google};
use tower_phone_auth_local_provider::{GoogleSettings, LocalProvider};

use crate::support::{
    outcome::{
        Refusal, assert_not_repeated, assert_signed_in, error, form_value, login, ok, refusal,
        sent, user_with_profile,
    },
    shop::Shop,
};

mod consent;
mod flow;
mod id_token;
mod people;
mod people_error;

const PHONE: &str = "https://www.googleapis.com/auth/user.phonenumbers.read";

/// A shop at a provider with Google's dialect and these settings.
pub(crate) async fn open(change: impl FnOnce(&mut GoogleSettings)) -> Shop {
    open_with(change, |google| google, |builder| builder).await
}

async fn open_with(
    change: impl FnOnce(&mut GoogleSettings),
    client: impl FnOnce(Google) -> Google,
    settings: impl FnOnce(Builder) -> Builder,
) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    provider.configure(|settings| change(&mut settings.google));
    let secret = provider.client_secret().unwrap();
    let google = Google::new(provider.client_id(), secret).endpoint_base(provider.origin());
    Shop::at(provider, client(google), settings)
}
