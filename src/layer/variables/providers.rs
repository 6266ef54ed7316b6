//! The providers that `OAUTH_PROVIDER` names.

use super::{credentials::Credentials, lookup::Lookup, oidc};
use crate::{
    error::ConfigError,
    provider::{Google, Kakao, Naver, Provider},
};

const VARIABLE: &str = "OAUTH_PROVIDER";
/// The providers whose settings are read from variables.
const KNOWN: [&str; 4] = ["kakao", "naver", "google", "oidc"];

/// The providers in the order of the list. `own` are those of the application.
pub(super) fn read(
    lookup: &Lookup<'_>,
    mut own: Vec<Provider>,
) -> Result<Vec<Provider>, ConfigError> {
    let list = lookup.text(VARIABLE).unwrap_or_default();
    if list.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = list.split(',').map(str::trim).collect();
    let known: Vec<String> = KNOWN.iter().map(ToString::to_string).collect();
    let known = [known, own.iter().map(|own| own.name().to_owned()).collect()].concat();
    let mut read = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            let problem = format!("{name:?} is given twice");
            return Err(lookup.wrong(VARIABLE, &problem, "leave one of them out"));
        }
        let of_application = own.iter().position(|own| own.name() == *name);
        read.push(match of_application {
            Some(index) => own.remove(index),
            None => provider(lookup, name, names.len() == 1, &known)?,
        });
    }
    Ok(read)
}

fn provider(
    lookup: &Lookup<'_>,
    name: &str,
    is_only: bool,
    known: &[String],
) -> Result<Provider, ConfigError> {
    let credentials = Credentials::of(lookup, name, is_only);
    let provider = match name {
        "kakao" => kakao(lookup, &credentials)?,
        "naver" => Naver::new(credentials.id()?, credentials.required_secret()?).into(),
        "google" => Google::new(credentials.id()?, credentials.required_secret()?).into(),
        "oidc" => return oidc::read(lookup, &credentials),
        _ => {
            let remedy = format!("use one of {}", known.join(", "));
            return Err(lookup.wrong(VARIABLE, &format!("{name:?} is not known"), &remedy));
        }
    };
    Ok(provider.read_from(credentials.names()))
}

fn kakao(lookup: &Lookup<'_>, credentials: &Credentials<'_>) -> Result<Provider, ConfigError> {
    let id = credentials.id()?;
    let kakao = match credentials.secret() {
        Some(secret) => Kakao::new(id, secret),
        None => Kakao::without_secret(id),
    };
    Ok(match lookup.is_set("LOGOUT_AT_PROVIDER")? {
        true => kakao.logout_at_provider().into(),
        false => kakao.into(),
    })
}
