//! Any OpenID provider: <https://openid.net/specs/openid-connect-core-1_0.html>.

use std::{fmt, time::Duration};

use secrecy::SecretString;

use self::claims::ClaimRules;
use super::{ClientAuth, Provider, Title, brand::Brand, parameters::Parameters};

mod addresses;
pub(super) mod algorithm;
mod answers;
pub(super) mod auth_time;
mod budget;
pub(super) mod claims;
mod client;
mod connected;
mod deferred;
mod describe;
pub(super) mod event_token;
mod event_verification;
mod events;
mod fetch;
mod fetches;
pub(super) mod id_token;
pub(super) mod jws;
mod key;
mod key_set;
pub(super) mod keys;
mod logout;
mod logout_token;
mod metadata;
mod metadata_check;
mod missing_phone;
pub(super) mod numeric_date;
mod origins;
mod other_issuer;
pub(crate) mod outlined;
mod par;
mod presets;
pub(super) mod refusal;
mod request;
mod requests;
mod revocation;
pub(super) mod security_event;
mod settings;
mod tokens;
mod trust;
mod userinfo;
mod userinfo_fetch;

/// Any OpenID provider, by its issuer.
///
/// Register `{public_url}/auth/callback/oidc` there. Nothing is fetched before the first login (or
/// [`OAuthLayer::warm_up`](crate::OAuthLayer::warm_up)), so that the application starts while the provider is down.
///
/// To hear when people sign out there, register `{public_url}/auth/events/oidc` as the `backchannel_logout_uri`
/// ([Back-Channel Logout 1.0](https://openid.net/specs/openid-connect-backchannel-1_0.html)). A logout token is not older than
/// five minutes by its `iat`, and may end before by its `exp`, which is not required: Ory Hydra writes none. It counts once by
/// its `jti`, which is: on every replica that shares the [log](crate::Builder::revocation_log), and without one in each
/// process. A token with `sub` and `sid` ends the sessions of that `sid`, and those of the user that know no `sid`
/// ([`logout_tokens_end_all_sessions`](Self::logout_tokens_end_all_sessions) changes that). It may be for other audiences
/// beside this client (section 2.4), and needs no `azp` for that.
///
/// A token with `sub` ends the sessions whose ID token has no later `iat` than it has itself: both are times of the provider,
/// so that no clock of this side counts, and a copy ends no session begun since. A `sid` that was ended stays ended. A token
/// that is accepted although its `iat` is more than 60 seconds away gives a line in the log with the difference.
///
/// The same path takes security
/// events ([RFC 8935](https://www.rfc-editor.org/rfc/rfc8935)) that the issuer signs with the same keys, for a day.
///
/// What a provider reports differs, and many report little:
///
/// | at the provider | reported |
/// |---|---|
/// | a user signs out | by providers with back-channel logout, to clients that registered for it |
/// | an administrator signs a user out | by most of these, some with one session of several |
/// | a user is disabled or deleted, a password is changed | seldom by logout tokens; by providers that send security events |
///
/// For what is not reported, set [`recheck_after`](crate::Builder::recheck_after), or a short
/// [`session_lifetime`](crate::Builder::session_lifetime). The presets say what is known of each.
///
/// A token with the right issuer and audience whose key is not known here is answered 503 with `Retry-After` while the keys
/// may not be read again, and kept: 64 of them, for five minutes, in memory. They are judged with the next key set, which is
/// read within seconds, also if the provider sends nothing more. A token that is kept does not survive the process.
///
/// A token whose key is not at hand makes the keys be read again: four sign-ins in a row may do that beside the first reading, and one
/// more every 15 seconds, so that made-up tokens are no load for the provider; events have six in a row of their own, and one
/// more every 5 seconds. During a change of keys, a sign-in beyond that is refused with `signature`, and the next one succeeds.
///
/// Front-channel logout is not supported: nothing in such a request proves that the provider sent it.
///
/// ID tokens, logout tokens and signed userinfo are signed with a key of the provider, by an algorithm that its metadata
/// announce: see [`algorithms`](Self::algorithms). Signatures with the client secret (`HS256`) are refused, and so are tokens
/// without a signature and encrypted ones.
///
/// The phone number is read from the ID token, and from userinfo where the ID token lacks the number or its flag
/// ([Core section 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)); if both were read and have a
/// number, they must agree. It is [`Verified`](crate::PhoneAssurance::Verified) if `phone_number_verified` is true, and otherwise
/// [`Unverified`](crate::PhoneAssurance::Unverified), which the default policy refuses;
/// [`phone_asserted`](Self::phone_asserted) is for directories whose numbers are checked. Name and email address are read
/// where the number is, and are no reason to ask userinfo: see [`always_userinfo`](Self::always_userinfo).
///
/// If there is no number, the token answer's `scope` and the metadata say why: consent is asked for a second time only if the
/// scope was withheld ([RFC 6749 section 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).
///
/// ```
/// use tower_phone_auth::{OAuthLayer, Oidc, SessionKey};
///
/// let auth = OAuthLayer::builder()
///     .public_url("https://shop.example.com")
///     .session_key(SessionKey::random())
///     .provider(Oidc::new("https://id.example.com", "client-id", "client-secret"))
///     .build()?;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Oidc {
    name: String,
    title: Title,
    brand: Brand,
    issuer: String,
    client_id: String,
    client_secret: Option<SecretString>,
    scopes: Vec<String>,
    exact_scopes: bool,
    phone_scope: String,
    client_auth: Option<ClientAuth>,
    private_key: Option<(String, SecretString)>,
    assertion_names_endpoint: bool,
    pkce: bool,
    signing: Signing,
    trusted_audiences: Vec<String>,
    algorithms: Option<Vec<String>>,
    profile: ProfileAt,
    claim_rules: ClaimRules,
    userinfo: UserinfoUse,
    region: Option<String>,
    logs_out: bool,
    another_account_by_prompt: bool,
    logout_tokens_end_all: bool,
    internal_endpoints: bool,
    pub(super) timeout: Option<Duration>,
    claims_parameter: Option<bool>,
    pushed_requests: Option<bool>,
    pub(super) parameters: Parameters,
    discovery_url: Option<String>,
    insecure_http: bool,
}

/// Whose keys sign the ID tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signing {
    /// The provider's own, from its key set.
    Keys,
    /// The client secret (Core section 10.1): for providers that do nothing else.
    ClientSecret,
}

/// Where the profile is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProfileAt {
    /// In the ID token and at the userinfo endpoint.
    Userinfo,
    /// At Naver's profile API, which stands as userinfo endpoint and is none.
    Naver,
}

/// When userinfo is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum UserinfoUse {
    /// Where the ID token lacks the number, or says nothing of its worth.
    #[default]
    WhereNeeded,
    Always,
    Never,
}

impl Oidc {
    /// A client with a secret.
    pub fn new(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        Self {
            client_secret: Some(client_secret.into().into()),
            ..Self::without_secret(issuer, client_id)
        }
    }

    /// A public client: PKCE alone protects the code.
    pub fn without_secret(issuer: impl Into<String>, client_id: impl Into<String>) -> Self {
        Self {
            name: "oidc".to_owned(),
            title: Title::new("Sign in with OpenID", "OpenID로 로그인"),
            brand: Brand::Other,
            issuer: issuer.into(),
            client_id: client_id.into(),
            client_secret: None,
            scopes: vec!["openid".to_owned()],
            exact_scopes: false,
            phone_scope: "phone".to_owned(),
            client_auth: None,
            private_key: None,
            assertion_names_endpoint: false,
            profile: ProfileAt::Userinfo,
            pkce: true,
            signing: Signing::Keys,
            trusted_audiences: Vec::new(),
            algorithms: None,
            claim_rules: ClaimRules::default(),
            userinfo: UserinfoUse::default(),
            region: None,
            logs_out: false,
            another_account_by_prompt: false,
            logout_tokens_end_all: false,
            internal_endpoints: false,
            timeout: None,
            claims_parameter: None,
            pushed_requests: None,
            parameters: Parameters::default(),
            discovery_url: None,
            insecure_http: false,
        }
    }

    /// The name in the callback path and in `VerifiedUser::provider`. Default: `oidc`.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// What people read where they choose a provider, in English and Korean.
    #[must_use]
    pub fn titled(mut self, english: impl Into<String>, korean: impl Into<String>) -> Self {
        self.title = Title::new(english.into(), korean.into());
        self
    }
}

impl From<Oidc> for Provider {
    fn from(oidc: Oidc) -> Self {
        Self::new(oidc)
    }
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oidc")
            .field("name", &self.name)
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
