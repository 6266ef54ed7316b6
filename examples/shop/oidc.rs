//! The provider `oidc`, built from its environment variables.

use std::fs;

use tower_phone_auth::{Oidc, provider::Provider};

use super::settings::{Result, client_id, is_set, own, switch, variable};

pub(super) fn provider() -> Result<Provider> {
    let remedy = "give the issuer exactly as the provider writes it";
    let issuer = variable("OIDC_ISSUER").ok_or(format!("OIDC_ISSUER: is not set; {remedy}"))?;
    let oidc = client(issuer, client_id("oidc")?)?;
    let oidc = addresses(oidc)?;
    let oidc = answers(request(oidc)?)?;
    Ok(match is_set("LOGOUT_AT_PROVIDER")? {
        true => oidc.logout_at_provider().into(),
        false => oidc.into(),
    })
}

/// Client authentication.
fn client(issuer: String, id: String) -> Result<Oidc> {
    let method = variable("OIDC_CLIENT_AUTH");
    let method = method.as_deref();
    let own_secret = variable("OIDC_CLIENT_SECRET");
    if let (Some(method @ ("none" | "private_key_jwt")), Some(_)) = (method, own_secret) {
        let remedy = "unset OIDC_CLIENT_SECRET, or give basic or post";
        return Err(format!("OIDC_CLIENT_AUTH: {method:?} sends no secret; {remedy}").into());
    }
    if method != Some("private_key_jwt") && variable("OIDC_PRIVATE_KEY").is_some() {
        let remedy = "set OIDC_CLIENT_AUTH=private_key_jwt, or unset OIDC_PRIVATE_KEY";
        return Err(format!("OIDC_PRIVATE_KEY: no client authentication uses it; {remedy}").into());
    }
    let secret = own("oidc", "CLIENT_SECRET");
    Ok(match (method, secret) {
        (Some("none"), _) => Oidc::without_secret(issuer, id),
        (Some("private_key_jwt"), _) => {
            Oidc::without_secret(issuer, id).private_key_jwt("", private_key()?)
        }
        (None, Some(secret)) => Oidc::new(issuer, id, secret),
        (None, None) => Oidc::without_secret(issuer, id),
        (Some("basic"), Some(secret)) => Oidc::new(issuer, id, secret).client_secret_basic(),
        (Some("post"), Some(secret)) => Oidc::new(issuer, id, secret).client_secret_post(),
        (Some(method @ ("basic" | "post")), None) => {
            let remedy = "set OAUTH_CLIENT_SECRET, or give none or private_key_jwt";
            return Err(format!("OIDC_CLIENT_AUTH: {method:?} needs a secret; {remedy}").into());
        }
        (Some(other), _) => {
            let remedy = "use basic, post, private_key_jwt or none";
            return Err(format!("OIDC_CLIENT_AUTH: {other:?} is not known; {remedy}").into());
        }
    })
}

fn private_key() -> Result<String> {
    let remedy = "give the path of a PEM file with the client's private key";
    let path = variable("OIDC_PRIVATE_KEY");
    let path = path.ok_or(format!("OIDC_PRIVATE_KEY: is not set; {remedy}"))?;
    Ok(fs::read_to_string(&path)
        .map_err(|error| format!("OIDC_PRIVATE_KEY: {path:?} ({error}); {remedy}"))?)
}

/// The addresses of the metadata and the endpoints.
fn addresses(oidc: Oidc) -> Result<Oidc> {
    let oidc = match variable("OIDC_DISCOVERY_URL") {
        Some(url) => oidc.discovery_url(url),
        None => oidc,
    };
    Ok(match is_set("INSECURE_HTTP_ISSUER")? {
        true => oidc.allow_insecure_http(),
        false => oidc,
    })
}

/// Scopes, pushed requests, `claims` and further parameters.
fn request(mut oidc: Oidc) -> Result<Oidc> {
    if let Some(scopes) = variable("OIDC_SCOPES") {
        oidc = oidc.scopes(scopes.split_whitespace());
    }
    if let Some(on) = switch("OIDC_PUSHED_REQUESTS")? {
        oidc = oidc.pushed_requests(on);
    }
    if let Some(on) = switch("OIDC_CLAIMS_PARAMETER")? {
        oidc = oidc.claims_parameter(on);
    }
    let parameters = variable("OIDC_PARAMETERS").unwrap_or_default();
    let parameters = parameters.trim_start_matches('?');
    for (name, value) in form_urlencoded::parse(parameters.as_bytes()) {
        oidc = oidc.authorize_with(name, value);
    }
    Ok(oidc)
}

/// How the provider's answers are read.
fn answers(mut oidc: Oidc) -> Result<Oidc> {
    if let Some(list) = variable("OIDC_ALGORITHMS") {
        oidc = oidc.algorithms(list.split(',').map(str::trim));
    }
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
    if is_set("LOGOUT_TOKENS_END_ALL")? {
        oidc = oidc.logout_tokens_end_all_sessions();
    }
    Ok(oidc)
}
