//! The provider `oidc`, from its environment variables.

use tower_phone_auth::{Oidc, Provider};

use super::settings::{Result, client_id, own, variable};

pub(super) fn provider() -> Result<Provider> {
    let remedy = "give the issuer exactly as the provider writes it";
    let issuer = variable("OIDC_ISSUER").ok_or(format!("OIDC_ISSUER: is not set; {remedy}"))?;
    let id = client_id("oidc")?;
    let oidc = match own("oidc", "CLIENT_SECRET") {
        Some(secret) => Oidc::new(issuer, id, secret),
        None => Oidc::without_secret(issuer, id),
    };
    let oidc = match variable("OIDC_ALGORITHMS") {
        Some(list) => oidc.algorithms(list.split(',').map(str::trim)),
        None => oidc,
    };
    Ok(oidc.scope("profile").scope("email").into())
}
