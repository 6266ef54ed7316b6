//! The phone step, read from its environment variables.

use std::{collections::HashSet, net::SocketAddr, time::Duration};

use axum::extract::ConnectInfo;
use tower_phone_auth::{
    ConfigError, Kakao, OAuthLayer, SessionKey, Site,
    phone_step::{
        AttemptStore, CodeSender, ConsoleSender, Message, PhoneLimits, PhoneStep, SendError,
    },
    provider::{BoxFuture, HttpClient},
};
use tower_phone_auth_local_provider::LocalProvider;
use tower_phone_auth_senders::{Solapi, TwilioVerify};
use tracing::subscriber::{NoSubscriber, with_default};

use super::settings::{Result, in_terms_of_variables, variable};

/// The step, if `PHONE_STEP` asks for one. `local` gets a local provider for its inbox.
pub(super) async fn step(local: &mut Option<LocalProvider>) -> Result<Option<PhoneStep>> {
    let given = variable("PHONE_STEP");
    let limits = limits()?;
    check(limits.clone())?;
    let step = match (given.as_deref(), &local) {
        (Some("off"), _) | (None, None) => return Ok(None),
        (Some("local"), _) | (None, Some(_)) => {
            let started = match local.take() {
                Some(started) => started,
                None => LocalProvider::start().await?,
            };
            PhoneStep::new(LocalSms::new(local.insert(started))?)
        }
        (Some("solapi"), _) => PhoneStep::new(solapi()?),
        (Some("twilio-verify"), _) => PhoneStep::verifier(twilio()?),
        (Some(other), _) => {
            let remedy = "use off, local, solapi or twilio-verify";
            return Err(format!("PHONE_STEP: {other:?} is not known; {remedy}").into());
        }
    };
    let step = step.limits(limits).client_address(|head| {
        let peer: &ConnectInfo<SocketAddr> = head.extensions.get()?;
        Some(peer.0.ip())
    });
    let step = match variable("REDIS_URL") {
        Some(url) => step.attempts(AttemptStore::redis(&url).map_err(|error| said(&error))?),
        None => step,
    };
    Ok(Some(named(step)))
}

/// Checks the variables beside `PHONE_STEP` also where no step uses them, so that a mistake shows
/// before the step is switched on. A layer that answers no request does so.
fn check(limits: PhoneLimits) -> Result<()> {
    if let Some(base) = variable("SMS_ENDPOINT_BASE") {
        let sender = Solapi::new("key", "secret", "01012345678")?;
        sender
            .endpoint_base(base)
            .map_err(|error| of_solapi(&error))?;
    }
    let unused = OAuthLayer::builder()
        .public_url("http://127.0.0.1")
        .session_key(SessionKey::random())
        .provider(Kakao::new("id", "secret"))
        .phone_step(named(PhoneStep::new(ConsoleSender::new()).limits(limits)));
    let unused = match variable("SITE_NAME") {
        Some(name) => unused.site(Site::new(name)),
        None => unused,
    };
    // Its lines would be in the log of the real one.
    let built = with_default(NoSubscriber::default(), || unused.build());
    Ok(built.map(drop).map_err(|error| said(&error))?)
}

/// Whether the codes go to the local provider's inbox.
pub(super) fn is_local() -> bool {
    !matches!(
        variable("PHONE_STEP").as_deref(),
        Some("solapi" | "twilio-verify")
    )
}

/// The error for the inbox of a local provider at a `PUBLIC_URL` that is not on loopback.
pub(super) fn off_loopback() -> String {
    let problem = "shows the codes of all users, and PUBLIC_URL is not on loopback";
    let remedy = "use solapi, twilio-verify or off, or a PUBLIC_URL such as http://127.0.0.1:3000";
    format!("PHONE_STEP: \"local\" {problem}; {remedy}")
}

/// The error for a policy that only the step satisfies.
pub(super) fn needs_step(error: &str) -> String {
    let remedy = "set PHONE_STEP to solapi or twilio-verify (local on loopback), or give verified";
    let problem = error.split(';').next().unwrap_or(error);
    format!("{problem}; {remedy}")
}

/// Regions and proxies. The message has the name of the site.
fn named(mut step: PhoneStep) -> PhoneStep {
    if let Some(list) = variable("PHONE_REGIONS") {
        step = step.regions(list.split(',').map(str::trim));
    }
    if let Some(list) = variable("TRUSTED_PROXIES") {
        step = step.trusted_proxies(list.split(',').map(str::trim));
    }
    step
}

fn solapi() -> Result<Solapi> {
    let sender = Solapi::new(
        required("SOLAPI_API_KEY")?,
        required("SOLAPI_API_SECRET")?,
        required("SOLAPI_FROM")?,
    )
    .map_err(|error| of_solapi(&error))?;
    Ok(match variable("SMS_ENDPOINT_BASE") {
        Some(base) => sender
            .endpoint_base(base)
            .map_err(|error| of_solapi(&error))?,
        None => sender,
    })
}

fn twilio() -> Result<TwilioVerify> {
    let verifier = TwilioVerify::new(
        required("TWILIO_ACCOUNT_SID")?,
        required("TWILIO_AUTH_TOKEN")?,
        required("TWILIO_VERIFY_SERVICE")?,
    )
    .map_err(|error| of_twilio(&error))?;
    Ok(match variable("SMS_ENDPOINT_BASE") {
        Some(base) => verifier
            .endpoint_base(base)
            .map_err(|error| of_twilio(&error))?,
        None => verifier,
    })
}

fn required(name: &str) -> Result<String> {
    let remedy = "give the value that the console of the service shows";
    Ok(variable(name).ok_or(format!("{name}: is not set; {remedy}"))?)
}

fn of_solapi(error: &ConfigError) -> String {
    let variable = match error.setting() {
        "api_key" => "SOLAPI_API_KEY",
        "api_secret" => "SOLAPI_API_SECRET",
        "from" => "SOLAPI_FROM",
        _ => "SMS_ENDPOINT_BASE",
    };
    format!("{variable}: {error}")
}

fn of_twilio(error: &ConfigError) -> String {
    let variable = match error.setting() {
        "account_sid" => "TWILIO_ACCOUNT_SID",
        "auth_token" => "TWILIO_AUTH_TOKEN",
        "service_sid" => "TWILIO_VERIFY_SERVICE",
        _ => "SMS_ENDPOINT_BASE",
    };
    format!("{variable}: {error}")
}

fn said(error: &ConfigError) -> String {
    in_terms_of_variables(error)
}

/// `PHONE_LIMITS`, a list such as `number=5,wait=30`.
fn limits() -> Result<PhoneLimits> {
    let mut limits = PhoneLimits::new();
    let mut seen = HashSet::new();
    let list = variable("PHONE_LIMITS").unwrap_or_default();
    for part in list
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let wrong = || {
            let remedy =
                "give a list such as number=5,person=5,address=20,prefix=50,total=500,wait=30";
            format!("PHONE_LIMITS: {part:?} is not known; {remedy}")
        };
        let (name, value) = part.split_once('=').ok_or_else(wrong)?;
        let name = name.trim();
        let value: u32 = value.trim().parse().map_err(|_| wrong())?;
        if !seen.insert(name) {
            let problem = format!("PHONE_LIMITS: {name:?} is given twice");
            return Err(format!("{problem}; leave one of them out").into());
        }
        limits = match name {
            "number" => limits.number(value),
            "person" => limits.person(value),
            "address" => limits.address(value),
            "prefix" => limits.prefix(value),
            "total" => limits.total(value),
            "wait" => limits.wait(Duration::from_secs(value.into())),
            _ => return Err(wrong().into()),
        };
    }
    Ok(limits)
}

/// The inbox of the local provider, by the wire format of Solapi.
struct LocalSms {
    solapi: Solapi,
    inbox: String,
}

impl LocalSms {
    fn new(local: &LocalProvider) -> Result<Self> {
        let account = local.sms_settings();
        let from = account.senders.first().cloned().unwrap_or_default();
        let solapi = Solapi::new(account.solapi_api_key, account.solapi_api_secret, from)?;
        Ok(Self {
            solapi: solapi.endpoint_base(local.origin())?,
            inbox: local.inbox_url(),
        })
    }
}

impl CodeSender for LocalSms {
    fn send<'a>(
        &'a self,
        http: &'a dyn HttpClient,
        message: Message<'a>,
    ) -> BoxFuture<'a, std::result::Result<(), SendError>> {
        self.solapi.send(http, message)
    }

    fn is_for_development(&self) -> bool {
        true
    }

    fn inbox(&self) -> Option<&str> {
        Some(&self.inbox)
    }
}
