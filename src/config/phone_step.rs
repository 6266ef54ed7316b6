//! The checked setting of the phone step.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use super::Http;
use crate::{
    calls::{Calls, Limits},
    clock::Clock,
    error::ConfigError,
    http_client::HttpClient,
    language::Text,
    page::Site,
    phone::PhoneAssurance,
    phone_step::{
        AttemptStore, Clients, KnownNumbers, PhoneLimits, PhoneStep, Service, keys::StepKeys,
        number::Regions, text::MessageTexts,
    },
    seal::key::SessionKey,
    web::{origin::Origin, own_paths::Prefix},
};

/// The most time of one call to the service that sends codes.
pub(crate) const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// The phone step of a layer.
pub(crate) struct StepConfig {
    pub(crate) service: Service,
    pub(crate) regions: Regions,
    pub(crate) limits: PhoneLimits,
    pub(crate) attempts: AttemptStore,
    /// The keys of the hashes in the store.
    pub(crate) keys: StepKeys,
    /// The name of the site on the pages. `None` if the application gave none.
    pub(crate) site: Option<Text>,
    /// The texts of messages. `None` with a verification service, which writes its own.
    pub(crate) texts: Option<MessageTexts>,
    /// Whether the host is too long for the line that binds a code to the origin.
    pub(crate) lacks_origin_line: bool,
    pub(crate) clients: Clients,
    /// The client for calls to the service.
    pub(crate) http: Arc<dyn HttpClient>,
    /// The names of the provider's claims that the hook after the step gets.
    pub(crate) kept_claims: Vec<String>,
    pub(crate) known_numbers: Option<Arc<dyn KnownNumbers>>,
    /// The time for which a known number counts.
    pub(crate) known_for: Duration,
    /// The page with the messages. `None` unless the public URL is on loopback.
    pub(crate) inbox: Option<String>,
    /// Whether the log says that the limit on all messages is reached. It says so once, until a
    /// message is sent again.
    pub(crate) is_fused: AtomicBool,
}

/// The other settings that the check needs.
pub(super) struct Around<'a> {
    pub(super) key: &'a SessionKey,
    pub(super) origin: &'a Origin,
    pub(super) prefix: &'a Prefix,
    pub(super) http: Option<&'a Http>,
    pub(super) limits: Limits,
    pub(super) clock: &'a Clock,
    /// The application on the pages, whose name is the default in messages.
    pub(super) site: Option<&'a Site>,
    pub(super) allows_test_endpoints: bool,
    /// The store of the present layer, which a rebuilt one keeps unless it names another.
    pub(super) attempts: Option<&'a AttemptStore>,
}

/// Checks the setting.
pub(super) fn checked(step: PhoneStep, around: &Around<'_>) -> Result<StepConfig, ConfigError> {
    let Around { origin, .. } = around;
    check_place(&step, around)?;
    step.limits.check()?;
    let layer = format!("{}{}", origin.as_str(), around.prefix.as_str());
    let host = host(origin);
    let name = step.site_name.clone();
    let name = name.or_else(|| around.site.map(|site| site.name().clone()));
    let name = name.unwrap_or_else(|| host.to_owned().into());
    let texts = match step.service {
        Service::Sender(_) => Some(MessageTexts::new(step.message, name, host)?),
        Service::Verifier(_) => None,
    };
    let inbox = step.service.inbox().filter(|_| origin.is_loopback());
    Ok(StepConfig {
        regions: Regions::new(step.regions.iter().map(String::as_str))?,
        clients: Clients::new(step.client_address, &step.trusted_proxies)?,
        limits: step.limits,
        attempts: step
            .attempts
            .or_else(|| around.attempts.cloned())
            .unwrap_or_else(AttemptStore::in_process),
        keys: StepKeys::new(around.key, &layer),
        site: step.site_name,
        lacks_origin_line: texts.as_ref().is_some_and(|texts| !texts.has_origin_line()),
        texts,
        http: http(&step.service, around)?,
        kept_claims: step.kept_claims,
        known_numbers: step.known_numbers,
        known_for: step.known_for,
        inbox: inbox.map(str::to_owned),
        is_fused: AtomicBool::new(false),
        service: step.service,
    })
}

/// Refuses `Confirmed` without a step that confirms numbers. The reader of a custom provider alone
/// can report a higher one.
pub(crate) fn check_assurance(lowest: PhoneAssurance, has_step: bool) -> Result<(), ConfigError> {
    if lowest != PhoneAssurance::Confirmed || has_step {
        return Ok(());
    }
    let problem = format!(
        "{:?} needs a phone step, and there is none",
        lowest.as_str()
    );
    let remedy = "set Builder::phone_step, or give verified";
    Err(ConfigError::new("minimum_assurance", problem, remedy))
}

/// A sender for development behind a public address would show the codes of all users. A real one
/// without addresses of clients would let one client use up all messages.
fn check_place(step: &PhoneStep, around: &Around<'_>) -> Result<(), ConfigError> {
    let is_for_development = step.service.is_for_development();
    if is_for_development && !around.origin.is_loopback() && !around.allows_test_endpoints {
        let public_url = around.origin.as_str();
        return Err(ConfigError::new(
            "phone_step",
            format!("has a sender for development, while public_url is {public_url:?}"),
            "give a real sender, or a loopback public_url such as http://127.0.0.1:3000; tests \
             permit it by allow_test_endpoints()",
        ));
    }
    if !is_for_development && step.client_address.is_none() {
        return Err(ConfigError::new(
            "client_address",
            "is missing, so that one client could use up the messages of all",
            "give PhoneStep::client_address, such as from axum's ConnectInfo",
        ));
    }
    Ok(())
}

/// The host of the public URL, without a port.
fn host(origin: &Origin) -> &str {
    let origin = origin.as_str();
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    match host.rfind(']') {
        Some(end) => &host[..=end],
        None => host.split(':').next().unwrap_or(host),
    }
}

/// The client for calls to the service. A proxy cannot reach a service for development.
fn http(service: &Service, around: &Around<'_>) -> Result<Arc<dyn HttpClient>, ConfigError> {
    let client = match around.http {
        Some(Http(client)) => Arc::clone(client),
        None => default_client(service.is_for_development())?,
    };
    let limits = Limits {
        time: SEND_TIMEOUT,
        ..around.limits
    };
    // The limits of the step bound the calls, and each message needs an answer of its own.
    let calls = Calls::new(client, limits, around.clock.clone());
    Ok(Arc::new(calls.without_circuits()))
}

/// A new client.
#[cfg(feature = "reqwest")]
fn default_client(direct: bool) -> Result<Arc<dyn HttpClient>, ConfigError> {
    let names = crate::http_client::Names::new(Vec::new());
    let client = crate::http_client::Reqwest::new(SEND_TIMEOUT, direct, &names)?;
    Ok(Arc::new(client))
}

/// Without the feature there is no default client.
#[cfg(not(feature = "reqwest"))]
fn default_client(_: bool) -> Result<Arc<dyn HttpClient>, ConfigError> {
    Err(ConfigError::new(
        "http_client",
        "is missing, and the feature \"reqwest\" of tower-phone-auth, which has the default, is off",
        "give a client by Builder::http_client, or switch the feature on",
    ))
}
