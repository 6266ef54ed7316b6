//! The providers of a layer, each under its name.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use crate::{
    calls::{Calls, Limits},
    config::Config,
    error::ConfigError,
    http_client::{HttpClient, Names, Reqwest},
    provider::{ConnectContext, Provider, ProviderClient},
    session::Binding,
};

/// A provider under its name in this layer.
pub(crate) struct Registered {
    pub(super) name: Arc<str>,
    pub(super) binding: Binding,
    pub(super) client: Arc<dyn ProviderClient>,
    /// The log has the line already that it proves no fresh sign-in.
    pub(super) unproved: AtomicBool,
    /// The time for a callback, a page visit or a call outside both.
    pub(super) time: Duration,
    pub(super) calls: Arc<Calls>,
}

/// All of them, checked: at least one, and no name twice.
pub(super) fn all(given: &[Provider], config: &Config) -> Result<Vec<Registered>, ConfigError> {
    if given.is_empty() {
        let remedy = "give one, such as Kakao::new(client_id, client_secret)";
        return Err(ConfigError::new("provider", "is missing", remedy));
    }
    let mut providers: Vec<Registered> = Vec::with_capacity(given.len());
    for provider in given {
        let name = provider.name();
        if providers.iter().any(|known| &*known.name == name) {
            let problem = format!("{name:?} is given twice");
            let remedy = "name one of them differently, as in Kakao::named(\"kakao-partner\")";
            return Err(ConfigError::new("provider", problem, remedy));
        }
        let names = Names::new(provider.own_urls());
        let limits = Limits {
            time: provider.timeout()?.unwrap_or(config.limits.time),
            ..config.limits
        };
        let client = client(provider, config, limits.time, &names)?;
        let calls = Arc::new(Calls::new(client, limits, config.clock.clone()));
        let client = provider.connect(&ConnectContext {
            redirect_uri: config.redirect_uri(name),
            http: Arc::clone(&calls) as Arc<dyn HttpClient>,
            names,
            clock: config.clock.clone(),
            difference: calls.difference(),
            assurance: config.rules.assurance,
        })?;
        check_place(provider, config)?;
        check_recheck(name, &*client, config)?;
        let identity = client.identity();
        providers.push(Registered {
            name: name.into(),
            binding: Binding::new(
                name,
                identity.family.as_str(),
                &identity.issuer,
                &identity.client_id,
            ),
            client,
            unproved: AtomicBool::new(false),
            time: limits.time,
            calls,
        });
    }
    Ok(providers)
}

/// The application's own client, or one for each provider: what one provider's metadata may name is not for another.
fn client(
    provider: &Provider,
    config: &Config,
    time: Duration,
    names: &Names,
) -> Result<Arc<dyn HttpClient>, ConfigError> {
    if let Some(given) = &config.http {
        return Ok(Arc::clone(given));
    }
    let client = Reqwest::new(time, provider.is_direct(), names)?;
    Ok(Arc::new(client))
}

/// Every provider must be able to answer without a page if sessions are checked.
fn check_recheck(
    name: &str,
    client: &dyn ProviderClient,
    config: &Config,
) -> Result<(), ConfigError> {
    match (config.recheck, client.rechecks()) {
        (Some(_), Err(cannot)) => {
            let problem = format!("the provider {name:?} {}", cannot.problem);
            Err(ConfigError::new("recheck_after", problem, cannot.remedy))
        }
        _ => Ok(()),
    }
}

/// A provider on this machine signs in anybody as anybody: it may not stand behind an address that others reach.
fn check_place(provider: &Provider, config: &Config) -> Result<(), ConfigError> {
    let name = provider.name();
    let setting = match provider.local_setting() {
        Some(setting) if !config.origin.is_loopback() => setting,
        _ => return Ok(()),
    };
    if config.allows_test_endpoints {
        tracing::warn!(
            provider = name,
            "its endpoints are on this machine: for tests alone"
        );
        return Ok(());
    }
    let public_url = config.public_url();
    Err(ConfigError::new(
        setting,
        format!("puts {name:?} on this machine, while public_url is {public_url:?}"),
        "give the real provider, or a loopback public_url such as http://127.0.0.1:3000; tests \
         permit it by allow_test_endpoints()",
    ))
}

/// The addresses that the operator registers at the provider. A sign-out there comes back to the second one, also the one for
/// another account.
pub(super) fn name_addresses(known: &Registered, config: &Config) {
    let (provider, client) = (&*known.name, &known.client);
    let redirect_uri = config.redirect_uri(provider);
    if client.may_end_session_for_another() || client.keeps_id_tokens() {
        let logged_out = format!("{}{}", config.origin.as_str(), config.prefix.logged_out());
        tracing::info!(
            provider,
            redirect_uri,
            post_logout_redirect_uri = logged_out,
            "register these addresses at the provider"
        );
    } else {
        tracing::info!(
            provider,
            redirect_uri,
            "register this address at the provider"
        );
    }
}
