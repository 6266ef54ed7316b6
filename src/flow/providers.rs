//! The providers of a layer, each under its name.
//!
//! A provider is connected once, when the layer is built. Its settings are checked against those of
//! the layer. It gets an HTTP client with limits of its own, so that a slow provider does not use
//! up the connections of another.

use std::{
    fmt,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use crate::{
    calls::{Calls, Limits},
    config::Config,
    error::ConfigError,
    http_client::{HttpClient, Names, Prepare},
    provider::{ConnectContext, Provider, ProviderClient},
    session::Binding,
};

/// A provider under its name in this layer.
pub(crate) struct Registered {
    /// The name in paths. A user holds the same allocation, by which the layer knows its own
    /// users.
    pub(crate) name: Arc<str>,
    /// The family, issuer and client id, to which sessions and cookies are bound. A change of one
    /// of them makes the provider's old sessions and cookies void.
    pub(super) binding: Binding,
    /// The provider's protocol.
    pub(crate) client: Arc<dyn ProviderClient>,
    /// Whether the log has the warning that this provider proves no fresh sign-in. The warning is
    /// written once, because every visit to such a route would repeat it.
    pub(super) unproved: AtomicBool,
    /// Whether the log has the warning that this provider gives the application no phone numbers.
    /// The warning is written once, because every sign-in would repeat it.
    pub(super) numberless: AtomicBool,
    /// The time that calls to this provider may take within one callback, page visit, or call of
    /// the application.
    pub(super) time: Duration,
    /// The HTTP client with this provider's limits.
    pub(super) calls: Arc<Calls>,
    /// Prepares the default client. `None` for a client of the application.
    pub(super) prepare: Option<Prepare>,
}

/// Shows the name. The client and its calls are left out.
impl fmt::Debug for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Registered").field(&self.name).finish()
    }
}

/// Connects all providers. There must be at least one, and no name twice.
pub(super) fn all(
    given: &[Provider],
    config: &Config,
) -> Result<Vec<Arc<Registered>>, ConfigError> {
    if given.is_empty() {
        let remedy = "give one, such as Kakao::new(client_id, client_secret)";
        return Err(ConfigError::new("provider", "is missing", remedy));
    }
    let mut providers: Vec<Arc<Registered>> = Vec::with_capacity(given.len());
    for provider in given {
        let name = provider.name();
        if providers.iter().any(|known| &*known.name == name) {
            let problem = format!("{name:?} is given twice");
            let remedy = "name one of them differently, as in Kakao::named(\"kakao-partner\")";
            return Err(ConfigError::new("provider", problem, remedy));
        }
        let connected = connect(provider, config).map_err(|error| provider.in_variables(error))?;
        providers.push(Arc::new(connected));
    }
    Ok(providers)
}

/// Connects one provider and checks it against the settings.
fn connect(provider: &Provider, config: &Config) -> Result<Registered, ConfigError> {
    let name = provider.name();
    // The hosts that the application named itself. They may be on a private network, and hosts that
    // only the provider's metadata name may not (server-side request forgery).
    let names = Names::new(provider.own_urls());
    let limits = Limits {
        time: provider.timeout()?.unwrap_or(config.limits.time),
        ..config.limits
    };
    let (client, prepare) = client(provider, config, limits.time, &names)?;
    // The limits are around the client, also around one of the application.
    let calls = Calls::new(client, limits, config.clock.clone());
    let calls = Arc::new(calls.observed(config.hooks.observer(), name));
    let client = provider.connect(&ConnectContext {
        redirect_uri: config.redirect_uri(name),
        http: Arc::clone(&calls) as Arc<dyn HttpClient>,
        names,
        clock: config.clock.clone(),
        difference: calls.difference(),
        assurance: config.rules.assurance,
    })?;
    // After `connect`, so that an error in the provider's own settings is reported first.
    check_place(provider, config)?;
    check_step(provider, config)?;
    check_recheck(name, &*client, config)?;
    let identity = client.identity();
    Ok(Registered {
        name: name.into(),
        binding: Binding::new(
            name,
            identity.family.as_str(),
            &identity.issuer,
            &identity.client_id,
        ),
        client,
        unproved: AtomicBool::new(false),
        numberless: AtomicBool::new(false),
        time: limits.time,
        calls,
        prepare,
    })
}

/// An HTTP client, and the preparation of the default one.
type Client = (Arc<dyn HttpClient>, Option<Prepare>);

/// The application's own HTTP client, or a new one for this provider. Providers do not share a
/// client, because the hosts that one provider's metadata may name are not allowed for another.
fn client(
    provider: &Provider,
    config: &Config,
    time: Duration,
    names: &Names,
) -> Result<Client, ConfigError> {
    if let Some(given) = &config.http {
        return Ok((Arc::clone(given), None));
    }
    default_client(provider, time, names)
}

/// A new client with `reqwest`.
#[cfg(feature = "reqwest")]
fn default_client(
    provider: &Provider,
    time: Duration,
    names: &Names,
) -> Result<Client, ConfigError> {
    // A proxy cannot reach a provider on loopback.
    let direct = provider.local_setting().is_some();
    let client = crate::http_client::Reqwest::new(time, direct, names)?;
    let prepared = client.clone();
    Ok((Arc::new(client), Some(Arc::new(move || prepared.prepare()))))
}

/// Without the feature there is no default client.
#[cfg(not(feature = "reqwest"))]
fn default_client(_: &Provider, _: Duration, _: &Names) -> Result<Client, ConfigError> {
    Err(ConfigError::new(
        "http_client",
        "is missing, and the feature \"reqwest\" of tower-phone-auth, which has the default, is off",
        "give a client by Builder::http_client, or switch the feature on",
    ))
}

/// Refuses `recheck_after` if a provider cannot be asked without a page (`prompt=none`). The
/// refusal comes when the layer is built. Otherwise every check would fail at runtime, and each
/// session would end after twice the time.
fn check_recheck(
    name: &str,
    client: &dyn ProviderClient,
    config: &Config,
) -> Result<(), ConfigError> {
    match (config.plain.recheck, client.rechecks()) {
        (Some(_), Err(cannot)) => {
            let problem = format!("the provider {name:?} {}", cannot.problem);
            Err(ConfigError::new("recheck_after", problem, cannot.remedy))
        }
        _ => Ok(()),
    }
}

/// Refuses a provider that is not asked for a phone number if there is no phone step, because no
/// user of it could sign in.
fn check_step(provider: &Provider, config: &Config) -> Result<(), ConfigError> {
    if !provider.leaves_phone_out() || config.phone_step.is_some() {
        return Ok(());
    }
    let name = provider.name();
    Err(ConfigError::new(
        "without_phone",
        format!("is set for {name:?}, and there is no phone step that proves a number instead"),
        "set Builder::phone_step, or leave without_phone() out",
    ))
}

/// Refuses a local provider behind a public address. A local provider lets any client sign in as
/// any user, so only browsers on this machine may reach it. `allow_test_endpoints` turns the
/// refusal into a warning.
fn check_place(provider: &Provider, config: &Config) -> Result<(), ConfigError> {
    let name = provider.name();
    let setting = match provider.local_setting() {
        Some(setting) if !config.origin.is_loopback() => setting,
        _ => return Ok(()),
    };
    if config.plain.allows_test_endpoints {
        tracing::warn!(
            provider = name,
            "its endpoints are on this machine, which is for tests alone"
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

/// Logs the addresses that the operator registers at the provider. The second one is for providers
/// with a sign-out of their own, which send the user back there, also before a sign-in with another
/// account.
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
