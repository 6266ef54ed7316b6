//! `oidc-provider`, certified by the OpenID Foundation.

mod clients;
mod consent;
mod issuer;
mod keys;
mod logout;
mod outage;
mod phone;
mod without_userinfo;

use tower_phone_auth::Oidc;

use crate::support::{provider::Provider, shop::SECRET};

/// The client that the provider knows by this id.
fn client(provider: &Provider, id: &str) -> Oidc {
    Oidc::new(&provider.issuer, id, SECRET)
}

/// Client authentication as the provider announces it: Basic.
fn basic(provider: &Provider) -> Oidc {
    client(provider, "basic:client")
}
