//! Reads the settings from environment variables: those of `Builder::from_env`, and these:
//!
//! | variable | meaning | default |
//! |---|---|---|
//! | `LISTEN_ADDR` | the address to listen on | `127.0.0.1:3000` |
//! | `PUBLIC_URL` | as there | `http://` and the listen address |
//! | `OAUTH_PROVIDER` | as there, and `local`, or a dialect of the local provider such as `local-kakao` | `local`; with `LISTEN_ADDR` and `PUBLIC_URL` unset too, `local-kakao,local-naver,local-google` |
//! | `OAUTH_ENDPOINT_BASE` | tests only: a loopback origin that replaces the provider's hosts | |
//! | `ALLOW_TEST_ENDPOINTS` | `1` permits `OAUTH_ENDPOINT_BASE` and a loopback issuer with any `PUBLIC_URL` | refused |
//! | `SESSION_KEY` | as there | random with local providers alone |
//! | `PHONE_POLICY` | as there, and `confirmed` with a phone step | `asserted` |
//! | `PHONE_STEP` | `off`, `local`, `solapi` or `twilio-verify`: users without an acceptable number prove one by a code | `local` with a local provider, else `off` |
//! | `SOLAPI_API_KEY`, `SOLAPI_API_SECRET`, `SOLAPI_FROM` | the account and the sender number of `solapi` | |
//! | `TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN`, `TWILIO_VERIFY_SERVICE` | the account of `twilio-verify` | |
//! | `SMS_ENDPOINT_BASE` | tests only: a loopback origin that replaces the hosts of the service | |
//! | `PHONE_REGIONS` | the regions whose mobile numbers users may type, such as `KR,JP` | `KR` |
//! | `PHONE_LIMITS` | messages an hour, and seconds until the first resend; a list may set some of them | `number=5,person=5,address=20,prefix=50,total=500,wait=30` |
//! | `TRUSTED_PROXIES` | addresses and networks whose `X-Forwarded-For` counts | none |
//! | `SITE_NAME` | the name on the pages and in the message | none; the host in the message |

use std::{env, error::Error, time::Duration};

use tokio::{
    net::TcpListener,
    time::{sleep, timeout},
};
use tower_phone_auth::{ConfigError, OAuthLayer, SessionKey, Site, layer::Variables};
use tower_phone_auth_local_provider::LocalProvider;
use tracing_subscriber::EnvFilter;

use super::{Shop, local, phone};

pub(super) type Result<T> = std::result::Result<T, Box<dyn Error>>;

impl Shop {
    /// Reads the environment variables, builds the layer and starts to listen.
    pub(crate) async fn from_env() -> Result<Self> {
        log("info");
        check_bytes()?;
        let listener = listen().await?;
        let address = format!("http://{}", listener.local_addr()?);
        let public_url = variable("PUBLIC_URL").unwrap_or(address);
        let Layer { auth, local } = Layer::from_env(&public_url).await?;
        let has_log = variable("REDIS_URL").or(variable("REVOCATION_FILE"));
        warm_up(&auth, has_log.is_some()).await;
        Ok(Self {
            auth,
            listener,
            public_url,
            local,
        })
    }
}

/// The layer, and the local provider if `OAUTH_PROVIDER` contains it.
pub(crate) struct Layer {
    pub(crate) auth: OAuthLayer,
    /// The local provider runs until this value is dropped.
    pub(crate) local: Option<LocalProvider>,
}

impl Layer {
    /// Builds the layer from the environment variables.
    pub(crate) async fn from_env(public_url: &str) -> Result<Self> {
        let list = variable("OAUTH_PROVIDER").unwrap_or_else(|| by_default().to_owned());
        let names: Vec<&str> = list.split(',').map(str::trim).collect();
        let mut variables = Variables::from_fn(|name| match name {
            "PUBLIC_URL" => Some(public_url.to_owned()),
            "OAUTH_PROVIDER" => Some(list.clone()),
            other => variable(other),
        });
        let is_local = |name: &&&str| local::NAMES.contains(name);
        let mut local = None;
        for name in names.iter().filter(is_local) {
            let started = match local.take() {
                Some(started) => started,
                None => LocalProvider::start().await?,
            };
            variables = variables.provider(local::provider(local.insert(started), name));
        }
        let mut builder = variables
            .builder()
            .map_err(|error| with_local_names(&error))?;
        // The local provider is for trials, so its key is random and a restart signs all users out.
        if variable("SESSION_KEY").is_none() && names.iter().all(|name| is_local(&name)) {
            builder = builder.session_key(SessionKey::random());
        }
        if let Some(base) = variable("OAUTH_ENDPOINT_BASE") {
            builder = builder.endpoint_base(base);
        }
        if let Some(step) = phone::step(&mut local).await? {
            builder = builder.phone_step(step);
        }
        if let Some(name) = variable("SITE_NAME") {
            builder = builder.site(Site::new(name));
        }
        // The local provider signs in anyone as anyone, so this permission is not for it.
        if allows_test_endpoints()? && local.is_none() {
            builder = builder.allow_test_endpoints();
        }
        let auth = builder.public(["/healthz", "/readyz"]).build();
        let auth = auth.map_err(|error| {
            let has_local = names.iter().any(|name| is_local(&name));
            let of_local = has_local.then(|| local::off_loopback(&error)).flatten();
            of_local.unwrap_or_else(|| in_terms_of_variables(&error))
        })?;
        Ok(Self { auth, local })
    }
}

/// Writes the log to standard error. `RUST_LOG` takes precedence over this level.
pub(crate) fn log(level: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false) // otherwise a full disk would end each request by a panic
        .init();
}

/// Warms up in the background: an unreachable provider does not delay the start, and a wrong
/// address is logged at once. Only the revocation log is waited for, because a replica that has not
/// read the log answers 503 to requests with a session.
async fn warm_up(auth: &OAuthLayer, has_log: bool) {
    let warming = tokio::spawn({
        let auth = auth.clone();
        async move {
            if let Err(error) = auth.warm_up().await {
                tracing::warn!(
                    "the warm-up is not complete: {}",
                    super::with_causes(&error)
                );
            }
        }
    });
    let reading = async {
        while !auth.is_ready() && !warming.is_finished() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    if has_log && timeout(Duration::from_secs(6), reading).await.is_err() {
        tracing::warn!("the log was not read in six seconds");
    }
}

async fn listen() -> Result<TcpListener> {
    let address = variable("LISTEN_ADDR").unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    TcpListener::bind(&address).await.map_err(|error| {
        format!("LISTEN_ADDR: cannot listen on {address:?} ({error}); give a free 127.0.0.1:PORT")
            .into()
    })
}

/// The providers if `OAUTH_PROVIDER` is not set. A first try shows three of them.
fn by_default() -> &'static str {
    let is_first_try = variable("LISTEN_ADDR").or(variable("PUBLIC_URL")).is_none();
    if is_first_try { local::THREE } else { "local" }
}

/// Whether `ALLOW_TEST_ENDPOINTS` is `1`.
fn allows_test_endpoints() -> Result<bool> {
    match variable("ALLOW_TEST_ENDPOINTS").as_deref() {
        None => Ok(false),
        Some("1") => Ok(true),
        Some(other) => {
            let remedy = "give 1, or leave it out";
            Err(format!("ALLOW_TEST_ENDPOINTS: {other:?} is not known; {remedy}").into())
        }
    }
}

/// The variables of this example alone. `Variables` checks the bytes of the others.
const OWN: [&str; 16] = [
    "LISTEN_ADDR",
    "OAUTH_ENDPOINT_BASE",
    "ALLOW_TEST_ENDPOINTS",
    "PHONE_STEP",
    "SOLAPI_API_KEY",
    "SOLAPI_API_SECRET",
    "SOLAPI_FROM",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_VERIFY_SERVICE",
    "SMS_ENDPOINT_BASE",
    "PHONE_REGIONS",
    "PHONE_LIMITS",
    "TRUSTED_PROXIES",
    "SITE_NAME",
    "OAUTH_PROVIDER",
];

/// Refuses a variable that is not UTF-8.
fn check_bytes() -> Result<()> {
    let is_text = |name: &&str| env::var_os(name).is_none_or(|value| value.to_str().is_some());
    match OWN.into_iter().find(|name| !is_text(name)) {
        Some(name) => Err(format!("{name}: is not UTF-8; set it to text in UTF-8").into()),
        None => Ok(()),
    }
}

/// An empty variable counts as not set.
pub(crate) fn variable(name: &str) -> Option<String> {
    let value = env::var_os(name)?.to_string_lossy().into_owned();
    Some(value).filter(|value| !value.is_empty())
}

/// The names of the local provider in an error about an unknown name.
fn with_local_names(error: &ConfigError) -> String {
    let more = ", local, or a dialect such as local-kakao";
    let is_unknown = error.remedy().starts_with("use one of kakao");
    format!("{error}{}", if is_unknown { more } else { "" })
}

/// An error of the variables that this example alone has.
pub(super) fn in_terms_of_variables(error: &ConfigError) -> String {
    let text = error.to_string();
    let text = text.replace("allow_test_endpoints()", "ALLOW_TEST_ENDPOINTS=1");
    let variable = match error.setting() {
        "endpoint_base" => "OAUTH_ENDPOINT_BASE",
        // A real sender is one for development only by its address.
        "phone_step" if !phone::is_local() => "SMS_ENDPOINT_BASE",
        "phone_step" => return phone::off_loopback(),
        "PHONE_POLICY" | "minimum_assurance" if text.contains("phone_step") => {
            return phone::needs_step(&text);
        }
        "regions" => "PHONE_REGIONS",
        "limits" => "PHONE_LIMITS",
        "trusted_proxies" => "TRUSTED_PROXIES",
        "site" | "site_name" => "SITE_NAME",
        "redis_url" => "REDIS_URL",
        _ => return text,
    };
    let problem = text.split_once(": ").map_or(&*text, |(_, problem)| problem);
    format!("{variable}: {problem}")
}
