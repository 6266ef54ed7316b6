//! The settings of a layer in environment variables.

use std::{cell::RefCell, fmt, time::Duration};

use secrecy::zeroize::Zeroizing;

use self::lookup::{Lookup, of_process};
use super::Builder;
use crate::{
    config::ReadFrom, error::ConfigError, phone::PhoneAssurance, provider::Provider,
    seal::key::SessionKey, web::origin,
};

mod credentials;
mod lookup;
mod oidc;
mod providers;
mod revocations;

/// The environment variables of a layer, and the [`Builder`] with their settings.
///
/// [`Builder::from_env`] is the short form. This type also reads from another source than the
/// process, and lets [`OAUTH_PROVIDER`](Builder::from_env) name a provider of the application:
///
/// ```
/// use std::collections::HashMap;
/// use tower_phone_auth::{layer::Variables, Oidc, SessionKey};
///
/// let variables = HashMap::from([
///     ("SHOP_PUBLIC_URL", "https://shop.example.com"),
///     ("SHOP_OAUTH_PROVIDER", "line,kakao"),
///     ("SHOP_KAKAO_CLIENT_ID", "rest-api-key"),
///     ("SHOP_KAKAO_CLIENT_SECRET", "client-secret"),
/// ]);
/// let auth = Variables::from_fn(|name| variables.get(name).map(ToString::to_string))
///     .prefix("SHOP_")
///     .provider(Oidc::line("channel-id", "channel-secret"))
///     .builder()?
///     .session_key(SessionKey::random())
///     .build()?;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[must_use]
pub struct Variables<'a> {
    lookup: Lookup<'a>,
    /// The providers of the application.
    own: Vec<Provider>,
}

impl Variables<'static> {
    /// The environment variables of the process. [`builder`](Self::builder) refuses a value that is
    /// not UTF-8.
    ///
    /// ```no_run
    /// # use tower_phone_auth::layer::Variables;
    /// let builder = Variables::from_env().builder()?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn from_env() -> Self {
        Self::from_fn(of_process)
    }
}

impl<'a> Variables<'a> {
    /// The variables that a function gives by their names, such as those of a file or a test.
    ///
    /// ```
    /// use tower_phone_auth::layer::Variables;
    ///
    /// let error = Variables::from_fn(|_| None).builder()?.build().unwrap_err();
    /// assert!(error.to_string().contains("PUBLIC_URL"));
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn from_fn(lookup: impl Fn(&str) -> Option<String> + 'a) -> Self {
        Self {
            lookup: Lookup {
                source: Box::new(lookup),
                prefix: String::new(),
                garbled: RefCell::default(),
            },
            own: Vec::new(),
        }
    }

    /// A text before the name of every variable. With `SHOP_`, the layer reads `SHOP_PUBLIC_URL`.
    /// Default: none.
    ///
    /// ```
    /// use tower_phone_auth::layer::Variables;
    ///
    /// let error = Variables::from_fn(|_| None).prefix("SHOP_").builder()?.build().unwrap_err();
    /// assert!(error.to_string().contains("SHOP_PUBLIC_URL"));
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.lookup.prefix = prefix.into();
        self
    }

    /// A provider that `OAUTH_PROVIDER` may name by its name, such as a
    /// [`CustomProvider`](crate::CustomProvider). If the list does not name it, it is left out. It
    /// has precedence over the provider of this crate with the same name.
    ///
    /// ```
    /// use tower_phone_auth::{Oidc, layer::Variables};
    ///
    /// let lookup = |name: &str| (name == "OAUTH_PROVIDER").then(|| "line".to_owned());
    /// let line = Oidc::line("channel-id", "channel-secret");
    /// let builder = Variables::from_fn(lookup).provider(line).builder()?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn provider(mut self, provider: impl Into<Provider>) -> Self {
        self.own.push(provider.into());
        self
    }

    /// A builder with the settings of the variables, as [`Builder::from_env`] describes them.
    ///
    /// ```
    /// use tower_phone_auth::{Oidc, layer::Variables};
    ///
    /// let lookup = |name: &str| (name == "OAUTH_PROVIDER").then(|| "line".to_owned());
    /// let line = Oidc::line("channel-id", "channel-secret");
    /// let builder = Variables::from_fn(lookup).provider(line).builder()?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the value of a variable cannot work. The error names the variable and the remedy.
    pub fn builder(self) -> Result<Builder, ConfigError> {
        let lookup = &self.lookup;
        let mut builder = Builder::new().minimum_assurance(policy(lookup)?);
        if let Some(url) = public_url(lookup)? {
            builder = builder.public_url(url);
        }
        for provider in providers::read(lookup, self.own)? {
            builder = builder.provider(provider);
        }
        if let Some(key) = session_key(lookup)? {
            builder = builder.session_key(key);
        }
        if lookup.is_set("SAVE_FORMS")? {
            builder = builder.save_forms();
        }
        let recheck = recheck(lookup)?;
        if let Some(time) = recheck {
            builder = builder.recheck_after(time);
        }
        builder.settings.read_from = Some(ReadFrom {
            prefix: lookup.prefix.clone(),
            recheck,
        });
        builder.settings.revocation.log = revocations::read(lookup)?;
        lookup.check_bytes()?;
        Ok(builder)
    }
}

/// Shows the prefix and the names of the application's providers. The values contain secrets.
impl fmt::Debug for Variables<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Variables")
            .field("prefix", &self.lookup.prefix)
            .field("own", &self.own)
            .finish_non_exhaustive()
    }
}

fn public_url(lookup: &Lookup<'_>) -> Result<Option<String>, ConfigError> {
    const VARIABLE: &str = "PUBLIC_URL";

    let Some(url) = lookup.text(VARIABLE) else {
        return Ok(None);
    };
    origin::public_url(&url)
        .map_err(|error| error.in_variables(&[("public_url", lookup.name(VARIABLE))]))?;
    Ok(Some(url))
}

fn session_key(lookup: &Lookup<'_>) -> Result<Option<SessionKey>, ConfigError> {
    const VARIABLE: &str = "SESSION_KEY";

    let text = lookup.text(VARIABLE).map(Zeroizing::new);
    let read = |text| SessionKey::from_place(&lookup.name(VARIABLE), text);
    text.as_deref().map(|text| read(text)).transpose()
}

fn policy(lookup: &Lookup<'_>) -> Result<PhoneAssurance, ConfigError> {
    const VARIABLE: &str = "PHONE_POLICY";

    let policy = lookup.text(VARIABLE);
    let policy = policy.as_deref().unwrap_or("asserted");
    if policy == "identified" {
        let problem = format!("{policy:?} needs identity verification, and there is none");
        let remedy = "use asserted, verified, confirmed or unverified";
        return Err(lookup.wrong(VARIABLE, &problem, remedy));
    }
    policy.parse().map_err(|_| {
        let remedy = "use asserted, verified, confirmed or unverified";
        lookup.wrong(VARIABLE, &format!("{policy:?} is not known"), remedy)
    })
}

fn recheck(lookup: &Lookup<'_>) -> Result<Option<Duration>, ConfigError> {
    const VARIABLE: &str = "RECHECK_AFTER";

    let Some(given) = lookup.text(VARIABLE) else {
        return Ok(None);
    };
    match given.parse() {
        Ok(seconds) if seconds > 0 => Ok(Some(Duration::from_secs(seconds))),
        _ => {
            let remedy = "give one such as 900, or leave it out";
            Err(lookup.wrong(
                VARIABLE,
                &format!("{given:?} is no number of seconds"),
                remedy,
            ))
        }
    }
}

impl Builder {
    /// A builder with the settings of these environment variables. An empty one counts as not set.
    /// The methods of the builder add the other settings, and replace these. The crate reads no
    /// variable unless this is called, apart from those of the system's proxy and certificates.
    ///
    /// | variable | meaning | default |
    /// |---|---|---|
    /// | `PUBLIC_URL` | [`public_url`](Self::public_url) | required |
    /// | `SESSION_KEY` | the keys of [`SessionKey::from_env`](crate::SessionKey::from_env) | required |
    /// | `OAUTH_PROVIDER` | `kakao`, `naver`, `google`, `oidc`, or the name of a [provider of the application](Variables::provider); a comma list shows the page to choose one | required |
    /// | `OAUTH_CLIENT_ID`, `OAUTH_CLIENT_SECRET` | the credentials; `KAKAO_CLIENT_ID`, `NAVER_CLIENT_SECRET`, ... have precedence | the id is required; the secret is for Naver and Google. Of several providers, one with a client id of its own does not use `OAUTH_CLIENT_SECRET` |
    /// | `OIDC_ISSUER` | the issuer of [`Oidc`](crate::Oidc) | required for `oidc` |
    /// | `OIDC_SCOPES` | [`scopes`](crate::Oidc::scopes), separated by spaces | `openid phone` |
    /// | `OIDC_CLIENT_AUTH` | `basic`, `post`, `private_key_jwt` or `none` | as the metadata announce |
    /// | `OIDC_PRIVATE_KEY` | the path of a PEM file, for `private_key_jwt` | |
    /// | `OIDC_ALGORITHMS` | [`algorithms`](crate::Oidc::algorithms), a comma list | the secure ones in the metadata |
    /// | `OIDC_PUSHED_REQUESTS`, `OIDC_CLAIMS_PARAMETER` | `on`, `off`: [`pushed_requests`](crate::Oidc::pushed_requests), [`claims_parameter`](crate::Oidc::claims_parameter) | as the metadata ask and need |
    /// | `OIDC_USERINFO` | `on`: at every sign-in; `off`: never | where the ID token lacks the number |
    /// | `OIDC_PHONE_CLAIM` | [`phone_claim`](crate::Oidc::phone_claim) | `phone_number` |
    /// | `OIDC_PHONE_ASSERTED` | `1`: [`phone_asserted`](crate::Oidc::phone_asserted) | off |
    /// | `OIDC_PARAMETERS` | [`authorize_with`](crate::Oidc::authorize_with) as a query, `ui_locales=ko&acr_values=2` | none |
    /// | `OIDC_DISCOVERY_URL` | [`discovery_url`](crate::Oidc::discovery_url) | at the issuer |
    /// | `INSECURE_HTTP_ISSUER` | `1`: [`allow_insecure_http`](crate::Oidc::allow_insecure_http) | off |
    /// | `LOGOUT_AT_PROVIDER` | `1`: `logout_at_provider` of [`Kakao`](crate::Kakao::logout_at_provider) and [`Oidc`](crate::Oidc::logout_at_provider) | off |
    /// | `LOGOUT_TOKENS_END_ALL` | `1`: [`logout_tokens_end_all_sessions`](crate::Oidc::logout_tokens_end_all_sessions) | off |
    /// | `SAVE_FORMS` | `1`: [`save_forms`](Self::save_forms) | off |
    /// | `RECHECK_AFTER` | [`recheck_after`](Self::recheck_after) in seconds | never |
    /// | `REDIS_URL` | a `RedisLog` as [`revocation_log`](Self::revocation_log) (feature `redis`) | none |
    /// | `REVOCATION_FILE` | the path of a [`FileLog`](crate::revocation::FileLog) as [`revocation_log`](Self::revocation_log) | none |
    /// | `PHONE_POLICY` | [`minimum_assurance`](Self::minimum_assurance): `asserted`, `verified`, `confirmed` (with [`phone_step`](Self::phone_step)) or `unverified` | `asserted` |
    ///
    /// The layer reads the variables once, in this call.
    ///
    /// ```no_run
    /// use tower_phone_auth::Builder;
    ///
    /// let auth = Builder::from_env()?.public(["/healthz"]).build()?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the value of a variable cannot work, or if `REDIS_URL` is set without the feature
    /// `redis`. [`build`](Self::build) returns the error of a required setting that neither a
    /// variable nor the application gave. Each error names the variable and the remedy.
    pub fn from_env() -> Result<Self, ConfigError> {
        Variables::from_env().builder()
    }

    /// The same as [`from_env`](Self::from_env) with a prefix before the name of every variable,
    /// for two layers in one process: with `STAFF_`, the layer reads `STAFF_PUBLIC_URL`.
    ///
    /// ```no_run
    /// use tower_phone_auth::Builder;
    ///
    /// let staff = Builder::from_env_with_prefix("STAFF_")?
    ///     .prefix("/staff/auth")
    ///     .cookie_name("staff")
    ///     .build()?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn from_env_with_prefix(prefix: &str) -> Result<Self, ConfigError> {
        Variables::from_env().prefix(prefix).builder()
    }
}
