//! The quirks of Naver, each tested by a complete sign-in. The numbers are those of the catalogue
//! of quirks.

use tower_phone_auth::{Builder, Naver};
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::{
    outcome::{
        Refusal, assert_not_repeated, assert_signed_in, form_value, login, ok, refusal, sent,
        user_with_profile,
    },
    shop::Shop,
};

mod consent;
mod error;
mod exchange;
mod flow;
mod profile;

async fn open() -> Shop {
    open_with(|builder| builder).await
}

async fn open_with(settings: impl FnOnce(Builder) -> Builder) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let secret = provider.client_secret().unwrap();
    let naver = Naver::new(provider.client_id(), secret).endpoint_base(provider.origin());
    Shop::at(provider, naver, settings)
}
