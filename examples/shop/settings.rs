//! Reads the settings from these environment variables:
//!
//! | variable | meaning | default |
//! |---|---|---|
//! | `LISTEN_ADDR` | the address to listen on | `127.0.0.1:3000` |
//! | `PUBLIC_URL` | the address as the browser sees it; the proxy strips its path | `http://` and the listen address |
//! | `OAUTH_PROVIDER` | `kakao`, `naver`, `google`, `oidc`, `local`, or a dialect of the local provider such as `local-kakao`; a comma list shows the page to choose one | `local` |
//! | `OAUTH_CLIENT_ID`, `OAUTH_CLIENT_SECRET` | credentials; `KAKAO_CLIENT_ID`, ... take precedence | |
//! | `OIDC_ISSUER` | the issuer of `oidc` | |
//! | `OIDC_ALGORITHMS` | comma list of accepted signing algorithms | the secure ones in the metadata |
//! | `OIDC_SCOPES` | the requested scopes, which must contain `openid` | `openid phone` |
//! | `OIDC_CLIENT_AUTH` | `basic`, `post`, `private_key_jwt` or `none` | as the metadata announce |
//! | `OIDC_PRIVATE_KEY` | for `private_key_jwt`: the path of a PEM file, sent without a key id | |
//! | `OIDC_PUSHED_REQUESTS` | `on`, `off`: send the request by PAR first | as the metadata require |
//! | `OIDC_CLAIMS_PARAMETER` | `on`, `off`: send the parameter `claims` | where it is supported and needed |
//! | `OIDC_PARAMETERS` | further authorization parameters as a query, `ui_locales=ko&acr_values=2` | none |
//! | `OIDC_DISCOVERY_URL` | the address at which this server reads the metadata | the issuer |
//! | `INSECURE_HTTP_ISSUER` | `1` permits plain http on a private network, for development | refused |
//! | `LOGOUT_AT_PROVIDER` | `1`: a sign-out also signs out at the provider | it does not |
//! | `SAVE_FORMS` | `1`: a form without a session is kept until after the sign-in | it is refused |
//! | `OAUTH_ENDPOINT_BASE` | tests only: a loopback origin that replaces the provider's hosts | |
//! | `ALLOW_TEST_ENDPOINTS` | `1` permits `OAUTH_ENDPOINT_BASE` and a loopback issuer with any `PUBLIC_URL` | refused |
//! | `SESSION_KEY` | base64 of 64 random bytes; a comma list rotates keys: the first seals, all open | random with local providers alone |
//! | `REDIS_URL` | Redis or Valkey, so that a sign-out holds on every replica | none |
//! | `REVOCATION_FILE` | a file, so that a sign-out holds after a restart of one process | none |
//! | `RECHECK_AFTER` | seconds after which a page visit checks the session with the provider | never |
//! | `LOGOUT_TOKENS_END_ALL` | `1`: a logout token with `sub` ends all sessions of its user | the session that it names |
//! | `OIDC_USERINFO` | `on`: call userinfo at every sign-in; `off`: never | where the ID token lacks the number |
//! | `OIDC_PHONE_CLAIM` | the claim that holds the number, taken literally | `phone_number` |
//! | `OIDC_PHONE_ASSERTED` | `1`: a number without `phone_number_verified` counts as `asserted` | as `unverified` |
//! | `PHONE_POLICY` | `asserted`, `verified`, `confirmed` (needs a phone step) or `unverified`: the lowest accepted assurance | `asserted` |

use std::{env, error::Error, time::Duration};

use tokio::{
    net::TcpListener,
    time::{sleep, timeout},
};
use tower_phone_auth::{
    Builder, ConfigError, Google, Kakao, Naver, OAuthLayer, SessionKey,
    phone::PhoneAssurance,
    provider::Provider,
    revocation::{FileLog, RedisLog},
};
use tower_phone_auth_local_provider::LocalProvider;
use tracing_subscriber::EnvFilter;

use super::{Shop, local, oidc, recheck};

pub(super) type Result<T> = std::result::Result<T, Box<dyn Error>>;

impl Shop {
    /// Reads the environment variables, builds the layer and starts to listen.
    pub(crate) async fn from_env() -> Result<Self> {
        log("info");
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
            _local: local,
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
        let names = variable("OAUTH_PROVIDER").unwrap_or_else(|| "local".to_owned());
        let names: Vec<&str> = names.split(',').map(str::trim).collect();

        let mut builder = OAuthLayer::builder()
            .public_url(public_url)
            .public(["/healthz", "/readyz"])
            .minimum_assurance(phone_policy()?);
        let mut local = None;
        for name in &names {
            builder = provider(builder, name, &mut local).await?;
        }
        let mut builder = builder.session_key(session_key(&names)?);
        if is_set("SAVE_FORMS")? {
            builder = builder.save_forms();
        }
        // The local provider signs in anyone as anyone, so this permission is not for it.
        if is_set("ALLOW_TEST_ENDPOINTS")? && local.is_none() {
            builder = builder.allow_test_endpoints();
        }
        if let Some(time) = recheck::after()? {
            builder = builder.recheck_after(time);
        }
        let redis = variable("REDIS_URL");
        let file = variable("REVOCATION_FILE");
        let builder = revocation_log(builder, redis.as_deref(), file.as_deref())?;
        let auth = builder.build().map_err(|error| {
            let of_local = local.as_ref().and_then(|_| local::off_loopback(&error));
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
        .init();
}

fn revocation_log(builder: Builder, redis: Option<&str>, file: Option<&str>) -> Result<Builder> {
    let said = |error| in_terms_of_variables(&error);
    Ok(match (redis, file) {
        (None, None) => builder,
        (Some(url), None) => builder.revocation_log(RedisLog::new(url).map_err(said)?),
        (None, Some(path)) => builder.revocation_log(FileLog::open(path).map_err(said)?),
        (Some(_), Some(path)) => {
            let remedy = "unset one: REDIS_URL is for several processes, REVOCATION_FILE for one";
            return Err(
                format!("REVOCATION_FILE: {path:?} is set beside REDIS_URL; {remedy}").into(),
            );
        }
    })
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

async fn provider(
    builder: Builder,
    name: &str,
    local: &mut Option<LocalProvider>,
) -> Result<Builder> {
    let provider = match name {
        name if local::NAMES.contains(&name) => {
            let started = match local.take() {
                Some(started) => started,
                None => LocalProvider::start().await?,
            };
            local::provider(local.insert(started), name)
        }
        "kakao" => kakao()?,
        "naver" => {
            let naver = Naver::new(client_id(name)?, client_secret(name)?);
            based(naver, Naver::endpoint_base).into()
        }
        "google" => {
            let google = Google::new(client_id(name)?, client_secret(name)?);
            based(google, Google::endpoint_base).into()
        }
        "oidc" => oidc::provider()?,
        _ => {
            let remedy = "use kakao, naver, google, oidc, local, or a dialect such as local-kakao";
            return Err(format!("OAUTH_PROVIDER: {name:?} is not known; {remedy}").into());
        }
    };
    Ok(builder.provider(provider))
}

fn kakao() -> Result<Provider> {
    let id = client_id("kakao")?;
    let kakao = match own("kakao", "CLIENT_SECRET") {
        Some(secret) => Kakao::new(id, secret),
        None => Kakao::without_secret(id),
    };
    let kakao = match is_set("LOGOUT_AT_PROVIDER")? {
        true => kakao.logout_at_provider(),
        false => kakao,
    };
    Ok(based(kakao, Kakao::endpoint_base).into())
}

/// `KAKAO_CLIENT_ID` takes precedence over `OAUTH_CLIENT_ID`.
pub(super) fn own(provider: &str, member: &str) -> Option<String> {
    let own = format!("{}_{member}", provider.to_uppercase());
    variable(&own).or_else(|| variable(&format!("OAUTH_{member}")))
}

pub(super) fn client_id(provider: &str) -> Result<String> {
    let remedy = format!("give the client id of your application in the console of {provider}");
    Ok(own(provider, "CLIENT_ID").ok_or(format!("OAUTH_CLIENT_ID: is not set; {remedy}"))?)
}

fn client_secret(provider: &str) -> Result<String> {
    let remedy = format!("give the client secret that the console of {provider} shows");
    Ok(own(provider, "CLIENT_SECRET")
        .ok_or(format!("OAUTH_CLIENT_SECRET: is not set; {remedy}"))?)
}

fn based<P>(provider: P, endpoint_base: impl FnOnce(P, String) -> P) -> P {
    match variable("OAUTH_ENDPOINT_BASE") {
        Some(base) => endpoint_base(provider, base),
        None => provider,
    }
}

/// The local provider is for trials, so its key is random and a restart signs all users out.
fn session_key(providers: &[&str]) -> Result<SessionKey> {
    if variable("SESSION_KEY").is_none() && providers.iter().all(|name| local::NAMES.contains(name))
    {
        return Ok(SessionKey::random());
    }
    Ok(SessionKey::from_env("SESSION_KEY")?)
}

fn phone_policy() -> Result<PhoneAssurance> {
    let policy = variable("PHONE_POLICY").unwrap_or_else(|| "asserted".to_owned());
    let needs = match policy.as_str() {
        "confirmed" => Some("a phone step"),
        "identified" => Some("identity verification"),
        _ => None,
    };
    if let Some(needs) = needs {
        let problem = format!("{policy:?} needs {needs}, and there is none");
        let remedy = "use asserted, verified or unverified";
        return Err(format!("PHONE_POLICY: {problem}; {remedy}").into());
    }
    let unknown = |_| {
        let remedy = "use asserted, verified, confirmed or unverified";
        format!("PHONE_POLICY: {policy:?} is not known; {remedy}")
    };
    Ok(policy.parse().map_err(unknown)?)
}

/// A variable that is `1` or left out.
pub(super) fn is_set(name: &str) -> Result<bool> {
    match variable(name).as_deref() {
        None => Ok(false),
        Some("1") => Ok(true),
        Some(other) => {
            Err(format!("{name}: {other:?} is not known; give 1, or leave it out").into())
        }
    }
}

/// A variable that is `on`, `off` or left out.
pub(super) fn switch(name: &str) -> Result<Option<bool>> {
    match variable(name).as_deref() {
        None => Ok(None),
        Some("on") => Ok(Some(true)),
        Some("off") => Ok(Some(false)),
        Some(other) => {
            Err(format!("{name}: {other:?} is not known; give on or off, or leave it out").into())
        }
    }
}

/// An empty variable counts as not set.
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// The variable from which this credential of the provider was read.
fn credential(error: &ConfigError, member: &str) -> String {
    let text = error.to_string();
    let providers = [
        ("Kakao", "KAKAO"),
        ("Naver", "NAVER"),
        ("Google", "GOOGLE"),
        ("OpenID", "OIDC"),
    ];
    let known = providers
        .iter()
        .find(|(title, _)| text.contains(&format!(" for {title}")));
    let own = known.map(|(_, prefix)| format!("{prefix}_{member}"));
    own.filter(|own| variable(own).is_some())
        .unwrap_or(format!("OAUTH_{member}"))
}

pub(super) fn in_terms_of_variables(error: &ConfigError) -> String {
    let variable = match error.setting() {
        "public_url" => "PUBLIC_URL",
        "client_id" => &credential(error, "CLIENT_ID"),
        "client_secret" => &credential(error, "CLIENT_SECRET"),
        "endpoint_base" => "OAUTH_ENDPOINT_BASE",
        "issuer" => "OIDC_ISSUER",
        "algorithms" => "OIDC_ALGORITHMS",
        "phone_claim" => "OIDC_PHONE_CLAIM",
        "scopes" => "OIDC_SCOPES",
        "private_key_jwt" => "OIDC_PRIVATE_KEY",
        "authorize_with" => "OIDC_PARAMETERS",
        "discovery_url" => "OIDC_DISCOVERY_URL",
        "provider" => "OAUTH_PROVIDER",
        "recheck_after" => "RECHECK_AFTER",
        "redis_url" => "REDIS_URL",
        "revocation_file" => "REVOCATION_FILE",
        _ => return error.to_string(),
    };
    let error = error.to_string();
    let error = error
        .replace("allow_test_endpoints()", "ALLOW_TEST_ENDPOINTS=1")
        .replace("allow_insecure_http()", "INSECURE_HTTP_ISSUER=1");
    format!("{variable}: {error}")
}
