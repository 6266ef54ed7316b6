//! `oidc-provider`, certified by the OpenID Foundation.

mod clients;
mod consent;
mod issuer;
mod keys;
mod outage;
mod phone;
mod sign_out;
mod without_userinfo;

use tower_phone_auth::Oidc;

use crate::support::{provider::Provider, shop::SECRET};

/// A client that is registered at the provider.
fn client(provider: &Provider, id: &str) -> Oidc {
    Oidc::new(&provider.issuer, id, SECRET)
}

/// A client without a setting for its authentication. The provider announces Basic.
fn basic(provider: &Provider) -> Oidc {
    client(provider, "basic:client")
}
