//! The provider `oidc`, from its environment variables.

use tower_phone_auth::{Oidc, Provider};

use super::settings::{Result, client_id, is_set, own, switch, variable};

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
    Ok(answers(oidc.scope("profile").scope("email"))?.into())
}

/// How the answers of the provider are read.
fn answers(mut oidc: Oidc) -> Result<Oidc> {
    oidc = match switch("OIDC_USERINFO")? {
        None => oidc,
        Some(true) => oidc.always_userinfo(),
        Some(false) => oidc.without_userinfo(),
    };
    if let Some(claim) = variable("OIDC_PHONE_CLAIM") {
        oidc = oidc.phone_claim(claim);
    }
    if is_set("OIDC_PHONE_ASSERTED")? {
        oidc = oidc.phone_asserted();
    }
    Ok(oidc)
}
