//! Providers: what they are told, and what they tell about a person.

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

/// A provider that people may sign in with, made from its settings, such as
/// [`Kakao`](crate::Kakao).
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

    pub(crate) fn name(&self) -> &str {
        self.settings.name()
    }

    /// The time that it may take, if it has a setting of its own.
    pub(crate) fn timeout(&self) -> Result<Option<Duration>, ConfigError> {
        timeout::checked(self.settings.timeout())
    }

    /// The setting that puts its endpoints on this machine, if one does.
    pub(crate) fn local_setting(&self) -> Option<&'static str> {
        self.settings.local_setting()
    }

    /// The addresses that the application gave, if the provider itself says where its other endpoints are.
    pub(crate) fn own_urls(&self) -> Vec<Url> {
        self.settings.own_urls()
    }

    /// Whether its endpoints are on this machine.
    pub(crate) fn is_direct(&self) -> bool {
        self.local_setting().is_some()
    }

    /// Checks the settings against the place where the application is.
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

/// Where the application is, as a provider must know it.
pub(crate) struct ConnectContext {
    pub(crate) redirect_uri: String,
    pub(crate) http: Arc<dyn HttpClient>,
    pub(crate) names: Names,
    pub(crate) clock: Clock,
    pub(crate) difference: Arc<ClockDifference>,
    /// The least that a number must be worth.
    pub(crate) assurance: PhoneAssurance,
}

/// A provider's settings as the user gave them.
pub(crate) trait Settings: Send + Sync {
    fn name(&self) -> &str;
    /// The time that it may take; none for the layer's own.
    fn timeout(&self) -> Option<Duration>;
    /// The setting that puts the provider on this machine, if one does.
    fn local_setting(&self) -> Option<&'static str>;
    /// See [`Names::new`].
    fn own_urls(&self) -> Vec<Url> {
        Vec::new()
    }
    fn connect(&self, context: &ConnectContext) -> Result<Arc<dyn ProviderClient>, ConfigError>;
}

/// How one provider speaks. Everything it answers is hostile until read.
pub(crate) trait ProviderClient: Send + Sync {
    fn identity(&self) -> &Identity;

    /// The authorization request (RFC 6749 section 4.1.1).
    fn authorization_url<'a>(
        &'a self,
        attempt: AuthorizationRequest<'a>,
    ) -> BoxFuture<'a, Result<String, LoginError>>;

    /// Whether the callback's `iss` (RFC 9207), if there is one, may be this provider's.
    fn is_issuer(&self, sent: &str) -> bool {
        sent == self.identity().issuer
    }

    /// The scopes that a request asks for, or one that asks for the phone number once more.
    fn scopes(&self, _asks_for_phone: bool) -> Vec<&str> {
        Vec::new()
    }

    /// Whether the callback must have an `iss` (RFC 9207 section 2.4), as far as that is known without the network.
    fn announces_issuer(&self) -> bool {
        false
    }

    /// Fetches beforehand what the first login would wait for.
    fn warm_up(&self) -> BoxFuture<'_, Result<(), LoginError>> {
        Box::pin(async { Ok(()) })
    }

    /// What it is asked, for the line of a start.
    fn ready(&self) -> Ready<'_> {
        Ready {
            issuer: &self.identity().issuer,
            scopes: self.scopes(false).join(" "),
            ..Ready::default()
        }
    }

    /// The methods with which the provider tells of people on its own account; none if it does not.
    fn event_methods(&self) -> Option<&'static str> {
        None
    }

    /// How such an event is answered; none if it is of no kind that is known here.
    fn responses(&self, _: &Event<'_>) -> Option<&'static EventResponses> {
        None
    }

    /// Verifies an event, and reads what it means.
    fn verify_event<'a>(
        &'a self,
        _: Event<'a>,
    ) -> BoxFuture<'a, Result<VerifiedEvent, EventError>> {
        Box::pin(async { Err(EventError::Unproved) })
    }

    /// Judges the events that were kept because their key was not known.
    fn verify_deferred(&self) -> BoxFuture<'_, VerifiedDeferred> {
        Box::pin(async { VerifiedDeferred::default() })
    }

    /// No task judges them at the moment. The next token that is kept starts one.
    fn deferred_task_ended(&self) {}

    /// Where people sign out there as well; none if nobody asked for it, or there is no such place.
    fn end_session(&self) -> BoxFuture<'_, Option<EndSession>> {
        Box::pin(async { None })
    }

    /// Whether a session keeps its ID token for the sign-out there.
    fn keeps_id_tokens(&self) -> bool {
        false
    }

    /// Where the session at the provider can be ended, so that another account can be chosen. None if there is no such place:
    /// the next request asks for the choice then.
    fn end_session_for_another(&self) -> BoxFuture<'_, Option<EndSession>> {
        Box::pin(async { None })
    }

    /// Whether there may be such a place.
    fn may_end_session_for_another(&self) -> bool {
        false
    }

    /// How it is known that a user signed in afresh.
    fn freshness(&self) -> Freshness {
        Freshness::Asked
    }

    /// Its settings, without a secret, for the doctor.
    fn outline(&self) -> Outline;

    /// What its own reading makes of metadata; refused where it reads none.
    fn accept<'a>(&'a self, _: &'a Value) -> BoxFuture<'a, Result<Accepted, LoginError>> {
        Box::pin(async { Err(LoginError::new(LoginErrorKind::Misconfigured)) })
    }

    /// Whether it answers without a page, where it is told to.
    fn rechecks(&self) -> Result<(), RecheckUnsupported>;

    /// Ends a token that the application kept.
    fn revoke<'a>(&'a self, _token: &'a str) -> Revoked<'a> {
        revocation::unsupported()
    }

    /// Takes a person's link to the application away, with the consent and all tokens.
    fn unlink<'a>(&'a self, _link: UnlinkTarget<'a>) -> Revoked<'a> {
        revocation::unsupported()
    }

    /// Exchanges the code and reads who it is. A profile without a phone number is refused
    /// with the reason; `PhoneNotShared` is the one that asking again can mend.
    fn sign_in<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<SignedIn, Refused>>;
}

/// How a provider is spoken to. The same person may have another subject in another family, as at Naver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Kakao,
    Naver,
    Google,
    OpenId,
    Custom,
}

impl Family {
    /// Sealed in every session, as a part of its [`Binding`](crate::session::Binding): never changed.
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

/// What a provider does for a route that asks for a fresh sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// It says when the user last proved it: OpenID Connect `auth_time`.
    Proved,
    /// It can be asked at most; that it did ask the user is nowhere to be read.
    Asked,
}

/// Which provider this is.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) family: Family,
    pub(crate) brand: Brand,
    pub(crate) title: Title,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
}

/// The name shown to people.
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

/// A country code of the settings.
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

/// Who signed in, and the tokens that told it.
pub(crate) type SignedIn = (Profile, ProviderTokens);

/// What one authorization request carries.
#[derive(Clone, Copy)]
pub(crate) struct AuthorizationRequest<'a> {
    pub(crate) state: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) code_verifier: &'a SecretString,
    /// Ask once more for the phone number.
    pub(crate) asks_for_phone: bool,
    /// Have the person prove again who they are, also if the provider knows them.
    pub(crate) fresh: bool,
    /// Let the user choose the account, also if the provider knows one.
    pub(crate) another_account: bool,
    /// Ask about this user, and show no page.
    pub(crate) recheck: Option<RecheckedUser<'a>>,
    /// The provider said that it must show a page, and is asked once more.
    pub(crate) retried: bool,
    /// The account that is about to sign in, as the link to the sign-in says (OpenID Connect Core section 3.1.2.1). Never logged.
    pub(crate) login_hint: Option<&'a str>,
}

/// What the callback brought, with the verifier that proves it is ours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CodeExchange<'a> {
    pub(crate) code: &'a SecretString,
    pub(crate) code_verifier: &'a SecretString,
    pub(crate) state: &'a str,
    pub(crate) nonce: &'a str,
    /// RFC 9207.
    pub(crate) issuer: Option<&'a str>,
}
