//! The provider `oidc`.

use std::fs;

use super::{credentials::Credentials, lookup::Lookup};
use crate::{
    error::ConfigError,
    provider::{Oidc, Provider},
};

/// The settings by the variables that they are read from, apart from the credentials.
const NAMES: [(&str, &str); 7] = [
    ("issuer", "OIDC_ISSUER"),
    ("algorithms", "OIDC_ALGORITHMS"),
    ("phone_claim", "OIDC_PHONE_CLAIM"),
    ("scopes", "OIDC_SCOPES"),
    ("private_key_jwt", "OIDC_PRIVATE_KEY"),
    ("authorize_with", "OIDC_PARAMETERS"),
    ("discovery_url", "OIDC_DISCOVERY_URL"),
];

pub(super) fn read(
    lookup: &Lookup<'_>,
    credentials: &Credentials<'_>,
) -> Result<Provider, ConfigError> {
    let remedy = "give the issuer exactly as the provider writes it";
    let issuer = lookup.required("OIDC_ISSUER", remedy)?;
    let oidc = client(lookup, credentials, issuer)?;
    let oidc = addresses(lookup, oidc)?;
    let oidc = request(lookup, oidc)?;
    let mut oidc = answers(lookup, oidc)?;
    if lookup.is_set("LOGOUT_AT_PROVIDER")? {
        oidc = oidc.logout_at_provider();
    }
    let mut names = credentials.names();
    let plain_http = format!("{}=1", lookup.name("INSECURE_HTTP_ISSUER"));
    names.push(("allow_insecure_http()", plain_http));
    names.extend(NAMES.map(|(setting, variable)| (setting, lookup.name(variable))));
    Ok(Provider::from(oidc).read_from(names))
}

/// Client authentication.
fn client(
    lookup: &Lookup<'_>,
    credentials: &Credentials<'_>,
    issuer: String,
) -> Result<Oidc, ConfigError> {
    let id = credentials.id()?;
    let method = lookup.text("OIDC_CLIENT_AUTH");
    let method = method.as_deref();
    check_unused(lookup, method)?;
    let wrong = |problem: String, remedy: &str| lookup.wrong("OIDC_CLIENT_AUTH", &problem, remedy);
    Ok(match (method, credentials.secret()) {
        (Some("none"), _) => Oidc::without_secret(issuer, id),
        (Some("private_key_jwt"), _) => {
            Oidc::without_secret(issuer, id).private_key_jwt("", private_key(lookup)?)
        }
        (None, Some(secret)) => Oidc::new(issuer, id, secret),
        (None, None) => Oidc::without_secret(issuer, id),
        (Some("basic"), Some(secret)) => Oidc::new(issuer, id, secret).client_secret_basic(),
        (Some("post"), Some(secret)) => Oidc::new(issuer, id, secret).client_secret_post(),
        (Some(method @ ("basic" | "post")), None) => {
            let secret = lookup.name(&credentials.secret_variable());
            let remedy = format!("set {secret}, or give none or private_key_jwt");
            return Err(wrong(format!("{method:?} needs a secret"), &remedy));
        }
        (Some(other), _) => {
            let remedy = "use basic, post, private_key_jwt or none";
            return Err(wrong(format!("{other:?} is not known"), remedy));
        }
    })
}

/// Refuses a secret or a key that the method of client authentication does not use.
fn check_unused(lookup: &Lookup<'_>, method: Option<&str>) -> Result<(), ConfigError> {
    let own_secret = "OIDC_CLIENT_SECRET";
    if let Some(method @ ("none" | "private_key_jwt")) = method
        && lookup.text(own_secret).is_some()
    {
        let problem = format!("{method:?} sends no secret");
        let remedy = format!("unset {}, or give basic or post", lookup.name(own_secret));
        return Err(lookup.wrong("OIDC_CLIENT_AUTH", &problem, &remedy));
    }
    if method != Some("private_key_jwt") && lookup.text("OIDC_PRIVATE_KEY").is_some() {
        let (method, key) = (
            lookup.name("OIDC_CLIENT_AUTH"),
            lookup.name("OIDC_PRIVATE_KEY"),
        );
        let problem = "no client authentication uses it";
        let remedy = format!("set {method}=private_key_jwt, or unset {key}");
        return Err(lookup.wrong("OIDC_PRIVATE_KEY", problem, &remedy));
    }
    Ok(())
}

fn private_key(lookup: &Lookup<'_>) -> Result<String, ConfigError> {
    const VARIABLE: &str = "OIDC_PRIVATE_KEY";

    let remedy = "give the path of a PEM file with the client's private key";
    let path = lookup.required(VARIABLE, remedy)?;
    fs::read_to_string(&path)
        .map_err(|error| lookup.wrong(VARIABLE, &format!("{path:?} ({error})"), remedy))
}

/// The addresses of the metadata and the endpoints.
fn addresses(lookup: &Lookup<'_>, mut oidc: Oidc) -> Result<Oidc, ConfigError> {
    if let Some(url) = lookup.text("OIDC_DISCOVERY_URL") {
        oidc = oidc.discovery_url(url);
    }
    if lookup.is_set("INSECURE_HTTP_ISSUER")? {
        oidc = oidc.allow_insecure_http();
    }
    Ok(oidc)
}

/// Scopes, pushed requests, `claims` and further parameters.
fn request(lookup: &Lookup<'_>, mut oidc: Oidc) -> Result<Oidc, ConfigError> {
    if let Some(scopes) = lookup.text("OIDC_SCOPES") {
        oidc = oidc.scopes(scopes.split_whitespace());
    }
    if let Some(on) = lookup.switch("OIDC_PUSHED_REQUESTS")? {
        oidc = oidc.pushed_requests(on);
    }
    if let Some(on) = lookup.switch("OIDC_CLAIMS_PARAMETER")? {
        oidc = oidc.claims_parameter(on);
    }
    let parameters = lookup.text("OIDC_PARAMETERS").unwrap_or_default();
    let parameters = parameters.trim_start_matches('?');
    for (name, value) in form_urlencoded::parse(parameters.as_bytes()) {
        oidc = oidc.authorize_with(name, value);
    }
    Ok(oidc)
}

/// How the provider's answers are read.
fn answers(lookup: &Lookup<'_>, mut oidc: Oidc) -> Result<Oidc, ConfigError> {
    if let Some(list) = lookup.text("OIDC_ALGORITHMS") {
        oidc = oidc.algorithms(list.split(',').map(str::trim));
    }
    oidc = match lookup.switch("OIDC_USERINFO")? {
        None => oidc,
        Some(true) => oidc.always_userinfo(),
        Some(false) => oidc.without_userinfo(),
    };
    if let Some(claim) = lookup.text("OIDC_PHONE_CLAIM") {
        oidc = oidc.phone_claim(claim);
    }
    if lookup.is_set("OIDC_PHONE_ASSERTED")? {
        oidc = oidc.phone_asserted();
    }
    if lookup.is_set("LOGOUT_TOKENS_END_ALL")? {
        oidc = oidc.logout_tokens_end_all_sessions();
    }
    Ok(oidc)
}
