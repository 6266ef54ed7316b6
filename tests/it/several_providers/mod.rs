//! Several providers at once: Kakao, Naver, Google and OpenID Connect, all from one local provider.

use tower_phone_auth::{Builder, Google, Naver, Oidc};
use tower_phone_auth_local_provider::LocalProvider;

use crate::support::clients::Clients as _;
use crate::support::shop::Shop;

mod buttons;
mod callback;
mod choice;
mod in_app;
mod login_page;
mod settings;
mod signed_in;

/// A shop with all four providers.
pub(crate) async fn open() -> Shop {
    open_with(|builder| builder).await
}

pub(crate) async fn open_with(settings: impl FnOnce(Builder) -> Builder) -> Shop {
    let provider = LocalProvider::start().await.unwrap();
    let (id, secret) = (provider.client_id(), provider.client_secret().unwrap());
    let google = Google::new(&id, &*secret).endpoint_base(provider.origin());
    let naver = Naver::new(&id, &*secret).endpoint_base(provider.origin());
    let oidc = Oidc::new(provider.oidc_issuer(), &id, &*secret);
    let kakao = provider.kakao();
    Shop::at(provider, google, |builder| {
        settings(builder.provider(naver).provider(oidc).provider(kakao))
    })
}

pub(crate) const NAMES: [&str; 4] = ["google", "naver", "oidc", "kakao"];
