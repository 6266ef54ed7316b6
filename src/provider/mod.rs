//! Providers: the settings that an application writes, and the clients that talk to the providers.
//!
//! 1. **Settings**: [`Kakao`](crate::Kakao), [`Naver`](crate::Naver), [`Google`](crate::Google),
//!    [`Oidc`](crate::Oidc) and [`CustomProvider`](crate::CustomProvider) are builders without a
//!    network. Each converts into a [`Provider`], a box around the trait [`Settings`].
//! 2. **Connect**: [`Builder::build`](crate::Builder::build) calls [`Settings::connect`], which
//!    checks the settings and makes the client. It sends nothing, so that an application starts
//!    while its provider is down.
//! 3. **Client**: [`ProviderClient`] is the only interface that `flow` knows. It makes the URL of
//!    the authorization request, exchanges the code for a [`Profile`], verifies events, and revokes
//!    tokens.
//!
//! Files at this level serve several providers: `client.rs`, `exchange.rs` and `token.rs` speak
//! OAuth 2.0; `json.rs` and `error_detail.rs` read responses; `event.rs` and `revocation.rs` define
//! the other requests. `oidc` also has the ID token validation that Kakao and Google use.
//!
//! To add a provider that speaks OpenID Connect, add a preset to `oidc/presets`. For another
//! protocol, add a folder like `naver` with settings and a client, name it below, and export the
//! settings in `lib.rs`. The shared settings `authorize_with` and `timeout` have a file each.

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use rlibphonenumber::Region;
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use self::{brand::Brand, tokens::ProviderTokens};
use crate::{
    audit::Ready,
    calls::ClockDifference,
    clock::Clock,
    error::{ConfigError, LoginError, LoginErrorKind},
    http_client::{BoxFuture, HttpClient, Names},
    phone::PhoneAssurance,
};

use credentials::{ClientAuth, Credentials};
use end_session::EndSession;
use event::{Event, EventError, EventResponses, VerifiedDeferred, VerifiedEvent};
use outline::{Accepted, Outline};
use profile::{PhoneClaim, Profile};
use recheck::{RecheckUnsupported, RecheckedUser};
use refused::Refused;
use revocation::{Revoked, UnlinkTarget};

pub(crate) mod assertion;
mod authorize_with;
mod bearer;
pub(crate) mod brand;
mod client;
mod credentials;
pub(crate) mod custom;
pub(crate) mod end_session;
mod endpoint;
mod error_detail;
pub(crate) mod event;
mod exchange;
pub(crate) mod google;
mod issued;
mod json;
pub(crate) mod kakao;
mod method;
pub(crate) mod naver;
mod oauth_error;
pub(crate) mod oidc;
pub(crate) mod outline;
mod parameters;
pub(crate) mod profile;
pub(crate) mod read_profile;
pub(crate) mod recheck;
pub(crate) mod refused;
pub(crate) mod revocation;
mod timeout;
mod token;
pub(crate) mod tokens;

/// A provider with which users sign in. It is made from the settings of one, such as
/// [`Kakao`](crate::Kakao), and given to [`Builder::provider`](crate::Builder::provider).
///
/// ```
/// use tower_phone_auth::{Kakao, Provider};
///
/// let provider = Provider::from(Kakao::new("rest-api-key", "client-secret"));
/// assert!(!format!("{provider:?}").contains("client-secret"));
/// ```
pub struct Provider {
    settings: Box<dyn Settings>,
}

impl Provider {
    pub(crate) fn new(settings: impl Settings + 'static) -> Self {
        Self {
            settings: Box::new(settings),
        }
    }

    /// The name in paths and in `VerifiedUser::provider`.
    pub(crate) fn name(&self) -> &str {
        self.settings.name()
    }

    /// The provider's own timeout, if it is set.
    pub(crate) fn timeout(&self) -> Result<Option<Duration>, ConfigError> {
        timeout::checked(self.settings.timeout())
    }

    /// The setting that puts the endpoints on loopback, if there is one.
    pub(crate) fn local_setting(&self) -> Option<&'static str> {
        self.settings.local_setting()
    }

    /// The addresses of the settings, if the metadata name the other endpoints.
    pub(crate) fn own_urls(&self) -> Vec<Url> {
        self.settings.own_urls()
    }

    /// Whether the endpoints are on loopback, where no proxy is used.
    pub(crate) fn is_direct(&self) -> bool {
        self.local_setting().is_some()
    }

    /// Checks the settings, and makes the client.
    pub(crate) fn connect(
        &self,
        context: &ConnectContext,
    ) -> Result<Arc<dyn ProviderClient>, ConfigError> {
        let name = self.name();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(1..=32).contains(&name.len()) || !name.chars().all(plain) {
            let remedy = "name it with 1 to 32 lower-case letters, digits and hyphens";
            let problem = format!("{name:?} cannot stand in the callback path");
            return Err(ConfigError::new("provider", problem, remedy));
        }
        self.settings.connect(context)
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({:?})", self.name())
    }
}

/// The application's side of a connection to a provider.
pub(crate) struct ConnectContext {
    /// The callback URL.
    pub(crate) redirect_uri: String,
    /// The HTTP client, with the limits of this provider.
    pub(crate) http: Arc<dyn HttpClient>,
    /// The addresses to which host names in metadata may resolve.
    pub(crate) names: Names,
    pub(crate) clock: Clock,
    /// The observed difference between the provider's clock and this server's.
    pub(crate) difference: Arc<ClockDifference>,
    /// The lowest assurance that the application accepts.
    pub(crate) assurance: PhoneAssurance,
}

/// The settings of one provider, as the application wrote them.
pub(crate) trait Settings: Send + Sync {
    fn name(&self) -> &str;
    /// The provider's own timeout. `None` for the layer's.
    fn timeout(&self) -> Option<Duration>;
    /// The setting that puts the provider on this machine, if one does.
    fn local_setting(&self) -> Option<&'static str>;
    /// See [`Names::new`].
    fn own_urls(&self) -> Vec<Url> {
        Vec::new()
    }
    /// Checks the settings, and makes the client. No network.
    fn connect(&self, context: &ConnectContext) -> Result<Arc<dyn ProviderClient>, ConfigError>;
}

/// The client of one provider. All its responses are untrusted until they are checked.
pub(crate) trait ProviderClient: Send + Sync {
    fn identity(&self) -> &Identity;

    /// The URL of an authorization request (RFC 6749 section 4.1.1).
    fn authorization_url<'a>(
        &'a self,
        attempt: AuthorizationRequest<'a>,
    ) -> BoxFuture<'a, Result<String, LoginError>>;

    /// Whether the parameter `iss` of a callback (RFC 9207), if present, may be this provider's.
    fn is_issuer(&self, sent: &str) -> bool {
        sent == self.identity().issuer
    }

    /// The scopes of a request, or of one that asks for the phone number a second time.
    fn scopes(&self, _asks_for_phone: bool) -> Vec<&str> {
        Vec::new()
    }

    /// Whether a callback must have `iss` (RFC 9207 section 2.4), as far as that is known without
    /// the network.
    fn announces_issuer(&self) -> bool {
        false
    }

    /// Fetches the documents for which the first sign-in would wait.
    fn warm_up(&self) -> BoxFuture<'_, Result<(), LoginError>> {
        Box::pin(async { Ok(()) })
    }

    /// The summary for the log line at the start.
    fn ready(&self) -> Ready<'_> {
        Ready {
            issuer: &self.identity().issuer,
            scopes: self.scopes(false).join(" "),
            ..Ready::default()
        }
    }

    /// The HTTP methods of the provider's events, such as `GET, POST`. `None` if it sends none.
    fn event_methods(&self) -> Option<&'static str> {
        None
    }

    /// The status codes for an event. `None` if no event of this form is known.
    fn responses(&self, _: &Event<'_>) -> Option<&'static EventResponses> {
        None
    }

    /// Verifies an event and returns its effects.
    fn verify_event<'a>(
        &'a self,
        _: Event<'a>,
    ) -> BoxFuture<'a, Result<VerifiedEvent, EventError>> {
        Box::pin(async { Err(EventError::Unproved) })
    }

    /// Verifies the events that wait for newer keys.
    fn verify_deferred(&self) -> BoxFuture<'_, VerifiedDeferred> {
        Box::pin(async { VerifiedDeferred::default() })
    }

    /// The task that verified deferred events has ended. The next deferred event starts another
    /// one.
    fn deferred_task_ended(&self) {}

    /// The provider's sign-out page. `None` if the setting is off, or the provider has no such
    /// page.
    fn end_session(&self) -> BoxFuture<'_, Option<EndSession>> {
        Box::pin(async { None })
    }

    /// Whether a session stores its ID token for the provider's sign-out page.
    fn keeps_id_tokens(&self) -> bool {
        false
    }

    /// The provider's sign-out page for users who want another account. `None` if there is none;
    /// the next authorization request then asks for the choice.
    fn end_session_for_another(&self) -> BoxFuture<'_, Option<EndSession>> {
        Box::pin(async { None })
    }

    /// Whether there may be such a page.
    fn may_end_session_for_another(&self) -> bool {
        false
    }

    /// Whether the provider proves a fresh sign-in.
    fn freshness(&self) -> Freshness {
        Freshness::Asked
    }

    /// The settings without secrets, for the doctor.
    fn outline(&self) -> Outline;

    /// The endpoints that the client takes from a metadata document. An error for a provider
    /// without metadata.
    fn accept<'a>(&'a self, _: &'a Value) -> BoxFuture<'a, Result<Accepted, LoginError>> {
        Box::pin(async { Err(LoginError::new(LoginErrorKind::Misconfigured)) })
    }

    /// Whether rechecks without a page work with these settings.
    fn rechecks(&self) -> Result<(), RecheckUnsupported>;

    /// Revokes a token that the application stored.
    fn revoke<'a>(&'a self, _token: &'a str) -> Revoked<'a> {
        revocation::unsupported()
    }

    /// Removes the user's link to the application, with consent and all tokens.
    fn unlink<'a>(&'a self, _link: UnlinkTarget<'a>) -> Revoked<'a> {
        revocation::unsupported()
    }

    /// Exchanges the code and reads the user's profile. A profile without a phone number is refused
    /// with the reason; after `PhoneNotShared` alone, a second request for consent may help.
    fn sign_in<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<SignedIn, Refused>>;
}

/// The protocol family of a provider. One user may have different subjects in two families, as at
/// Naver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Kakao,
    Naver,
    Google,
    OpenId,
    Custom,
}

impl Family {
    /// The text that is sealed into every session as a part of its
    /// [`Binding`](crate::session::Binding). A change would end all sessions.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Kakao => "kakao",
            Self::Naver => "naver",
            Self::Google => "google",
            Self::OpenId => "openid",
            Self::Custom => "oauth2",
        }
    }
}

/// The provider's part in routes that require a fresh sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// It states the time of the user's last authentication (OpenID Connect `auth_time`).
    Proved,
    /// It can be asked to authenticate the user, but no response proves that it did.
    Asked,
}

/// The identity of a provider.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) family: Family,
    pub(crate) brand: Brand,
    pub(crate) title: Title,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
}

/// The text of the sign-in button.
#[derive(Clone, Debug)]
pub(crate) struct Title {
    pub(crate) english: Cow<'static, str>,
    pub(crate) korean: Cow<'static, str>,
}

impl Title {
    pub(crate) fn new(
        english: impl Into<Cow<'static, str>>,
        korean: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            english: english.into(),
            korean: korean.into(),
        }
    }
}

/// Parses a country code of the settings.
fn region(code: Option<&str>) -> Result<Option<Region>, ConfigError> {
    let Some(code) = code else { return Ok(None) };
    match code.parse() {
        Ok(region) => Ok(Some(region)),
        Err(_) => Err(ConfigError::new(
            "phone_region",
            format!("{code:?} is not known"),
            "give an ISO 3166-1 alpha-2 code such as \"KR\"",
        )),
    }
}

/// The profile of the user, and the tokens for the application.
pub(crate) type SignedIn = (Profile, ProviderTokens);

/// The values of one authorization request.
#[derive(Clone, Copy)]
pub(crate) struct AuthorizationRequest<'a> {
    pub(crate) state: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) code_verifier: &'a SecretString,
    /// Ask for the phone number a second time.
    pub(crate) asks_for_phone: bool,
    /// Have the user authenticate again, even with a session at the provider.
    pub(crate) fresh: bool,
    /// Let the user choose the account, even with a session at the provider.
    pub(crate) another_account: bool,
    /// Ask about this user, without a page.
    pub(crate) recheck: Option<RecheckedUser<'a>>,
    /// The provider answered that it must show a page, and this is the second request.
    pub(crate) retried: bool,
    /// The hint of the sign-in link (OpenID Connect Core section 3.1.2.1). Never logged, because it
    /// identifies the user.
    pub(crate) login_hint: Option<&'a str>,
}

/// The values of a callback, with the verifier of its sign-in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CodeExchange<'a> {
    pub(crate) code: &'a SecretString,
    pub(crate) code_verifier: &'a SecretString,
    pub(crate) state: &'a str,
    pub(crate) nonce: &'a str,
    /// The parameter `iss` (RFC 9207).
    pub(crate) issuer: Option<&'a str>,
}
