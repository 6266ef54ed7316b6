//! OpenID Connect: <https://openid.net/specs/openid-connect-core-1_0.html>.
//!
//! [`Oidc`] holds the settings. The files, by topic:
//!
//! - Settings: `addresses`, `answers`, `logout`, `requests`, `tokens`, and `presets` for known
//!   providers. `settings` checks them.
//! - Caches: `discovery` (of `metadata`) and `keys`, with `budget` (rate limits) and `fetch`.
//!   `trust` refetches both early if a token does not fit.
//! - Tokens: `jws`, `algorithm`, `key` and `key_set` verify signatures; `id_token`, `logout_token`,
//!   `security_event` and `event_token` check claims.
//! - Sign-in: `request` and `par` make the authorization request; `client` reads the callback;
//!   `userinfo` and `userinfo_fetch` complete the claims; `claims` makes the profile;
//!   `missing_phone` explains a missing number.
//! - Events: `events` receives them, `event_verification` verifies signatures, `deferred` holds
//!   tokens until newer keys come.
//!
//! Kakao and Google use the token validation and the key cache as well.

use std::fmt;

use secrecy::SecretString;

use self::{
    claims::ClaimRules,
    modes::{ProfileAt, Signing, UserinfoUse},
};
use super::{ClientAuth, Provider, Title, registration::Registration};
use crate::language::Text;

mod addresses;
pub(super) mod algorithm;
mod answers;
pub(super) mod auth_time;
mod budget;
pub(super) mod claims;
mod client;
mod deferred;
mod describe;
mod discovery;
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
mod modes;
pub(super) mod numeric_date;
mod origins;
mod other_issuer;
pub(crate) mod outlined;
mod par;
mod presets;
mod provider_client;
pub(super) mod refusal;
mod request;
mod requests;
mod revocation;
pub(super) mod security_event;
mod settings;
mod sign_in;
mod tokens;
mod trust;
mod userinfo;
mod userinfo_fetch;

/// Any OpenID provider, by its issuer.
///
/// Register `{public_url}/auth/callback/oidc` at the provider. Nothing is fetched before the first
/// sign-in (or [`OAuthLayer::warm_up`](crate::OAuthLayer::warm_up)), so that the application starts
/// while the provider is down.
///
/// To receive sign-outs, register `{public_url}/auth/events/oidc` as the `backchannel_logout_uri`
/// ([Back-Channel Logout 1.0](https://openid.net/specs/openid-connect-backchannel-1_0.html)). A
/// logout token is accepted for five minutes after its `iat`, and not after its `exp`, with a
/// tolerance of 60 seconds for clocks. `exp` is optional, because Ory Hydra writes none. `jti` is
/// required, so that the token counts once on all replicas that share the
/// [log](crate::Builder::revocation_log), and without a log once in each process. A token with
/// `sub` and `sid` ends the sessions with that `sid`, and the user's sessions without a `sid`
/// ([`logout_tokens_end_all_sessions`](Self::logout_tokens_end_all_sessions) changes that). Further
/// audiences beside this client are allowed (section 2.4) and need no `azp`.
///
/// A token with `sub` ends the sessions whose ID token has no later `iat` than the token itself.
/// Both times are the provider's, so that no clock of this server matters, and a replay ends no
/// session begun since. A `sid` that was ended stays ended. A token that is accepted although its
/// `iat` is more than 60 seconds away is logged with the difference.
///
/// The same path accepts security events ([RFC 8935](https://www.rfc-editor.org/rfc/rfc8935)) that
/// the issuer signs with the same keys, up to a day after their `iat`.
///
/// Providers report different events, and many report few:
///
/// | at the provider | reported |
/// |---|---|
/// | a user signs out | by providers with back-channel logout, to clients that registered for it |
/// | an administrator signs a user out | by most of these, by some for one session of several |
/// | a user is disabled or deleted | seldom by logout tokens; by security events if sent |
/// | a password is changed | seldom by logout tokens; by security events if sent |
///
/// For events that are not reported, set [`recheck_after`](crate::Builder::recheck_after), or a
/// short [`session_lifetime`](crate::Builder::session_lifetime). The presets say what is known of
/// each provider.
///
/// A logout token with the right issuer and audience and an unknown key is answered 503 with
/// `Retry-After` while the keys must not be fetched again. The token is also kept in memory, with
/// up to 63 others, for five minutes. It is verified with the next key set, which is fetched within
/// seconds, even if the provider sends nothing more. It does not survive the process.
///
/// A token with an unknown key makes the layer fetch the keys again. To protect the provider from
/// invented tokens, sign-ins may do so four times in a row and once more every 15 seconds, events
/// six times in a row and once more every 5 seconds. During a change of keys, a sign-in beyond that
/// limit is refused with `signature`. A later one succeeds. As long as the layer has no keys or no
/// metadata, sign-ins may fetch them thirty times in a row and once more every second.
///
/// Front-channel logout is not supported, because its requests do not prove that the provider sent
/// them.
///
/// ID tokens, logout tokens and signed userinfo must be signed with a key of the provider, by an
/// algorithm that its metadata announce; see [`algorithms`](Self::algorithms). Signatures with the
/// client secret (`HS256`), unsigned tokens and encrypted tokens are refused.
///
/// The phone number is read from the ID token, and from userinfo if the ID token lacks the number
/// or its flag ([Core section
/// 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)). If both have a
/// number, they must agree. The number is [`Verified`](crate::phone::PhoneAssurance::Verified) if
/// `phone_number_verified` is true, else [`Unverified`](crate::phone::PhoneAssurance::Unverified),
/// which the default policy refuses. [`phone_asserted`](Self::phone_asserted) is for directories
/// with checked numbers. Name and email address alone cause no userinfo request; see
/// [`always_userinfo`](Self::always_userinfo).
///
/// If there is no number, the `scope` of the token response and the metadata show the reason. A
/// second request for consent is made only if the scope was withheld ([RFC 6749 section
/// 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)).
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
    pub(super) registration: Registration,
    /// As the application wrote it. The metadata must state the same text.
    issuer: String,
    /// Without the phone scope, unless `exact_scopes` is set.
    scopes: Vec<String>,
    /// `scopes` lists all scopes, so the phone scope is not added.
    exact_scopes: bool,
    /// Empty if no scope stands for the number.
    phone_scope: String,
    /// `None` leaves the method to the metadata.
    client_auth: Option<ClientAuth>,
    /// The `kid` and the PEM of the key, for `private_key_jwt`.
    private_key: Option<(String, SecretString)>,
    /// The audience of assertions is the token endpoint instead of the issuer.
    assertion_names_endpoint: bool,
    pkce: bool,
    /// The keys that verify ID tokens and logout tokens.
    signing: Signing,
    /// Audiences that an ID token may have beside the client id.
    trusted_audiences: Vec<String>,
    /// The names are parsed when the layer is built.
    algorithms: Option<Vec<String>>,
    /// The source of the profile.
    profile: ProfileAt,
    claim_rules: ClaimRules,
    userinfo: UserinfoUse,
    /// The setting `phone_region`, which is parsed when the layer is built.
    region: Option<String>,
    /// The setting `logout_at_provider`.
    logs_out: bool,
    another_account_by_prompt: bool,
    logout_tokens_end_all: bool,
    /// The setting `allow_internal_endpoints`.
    internal_endpoints: bool,
    /// `None` leaves the choice to the metadata.
    claims_parameter: Option<bool>,
    /// `None` leaves the choice to the metadata.
    pushed_requests: Option<bool>,
    discovery_url: Option<String>,
    /// The setting `allow_insecure_http`.
    insecure_http: bool,
}

impl Oidc {
    /// A client with a secret.
    ///
    /// ```
    /// use tower_phone_auth::Oidc;
    ///
    /// let oidc = Oidc::new("https://login.example.com", "client-id", "client-secret");
    /// ```
    pub fn new(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        let mut oidc = Self::without_secret(issuer, client_id);
        oidc.registration = oidc.registration.with_secret(client_secret);
        oidc
    }

    /// A client without a secret, such as one for a native app. Only PKCE protects its code ([RFC
    /// 7636 section 1](https://www.rfc-editor.org/rfc/rfc7636#section-1)).
    ///
    /// ```
    /// use tower_phone_auth::Oidc;
    ///
    /// let oidc = Oidc::without_secret("https://login.example.com", "client-id");
    /// ```
    pub fn without_secret(issuer: impl Into<String>, client_id: impl Into<String>) -> Self {
        let issuer = issuer.into();
        let title = Title::Name(host(&issuer));
        Self {
            registration: Registration::new("oidc", title, client_id),
            issuer,
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
            claims_parameter: None,
            pushed_requests: None,
            discovery_url: None,
            insecure_http: false,
        }
    }

    /// The provider's name in the callback path and in `VerifiedUser::provider`. Default: `oidc`.
    ///
    /// ```
    /// use tower_phone_auth::Oidc;
    ///
    /// let oidc = Oidc::new("https://login.example.com", "client-id", "client-secret")
    ///     .named("work");
    /// ```
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.registration.name = name.into();
        self
    }

    /// The text of the sign-in button, as a [`Text`] in one or more languages. Default: the issuer's
    /// host, such as `Sign in with id.example.com`. Presets have the name of their product.
    ///
    /// ```
    /// use tower_phone_auth::{Oidc, Text};
    ///
    /// let club = Oidc::new("https://club.example", "client-id", "client-secret").titled(
    ///     Text::en("Sign in with Club")
    ///         .ko("클럽으로 로그인")
    ///         .and("ja", "クラブでログイン"),
    /// );
    /// ```
    #[must_use]
    pub fn titled(self, text: impl Into<Text>) -> Self {
        self.with_title(Title::Given(text.into()))
    }

    /// With the text of a preset.
    fn with_title(mut self, title: Title) -> Self {
        self.registration.title = title;
        self
    }
}

/// The host of an issuer, which its users may know. `build` refuses an issuer without one.
fn host(issuer: &str) -> String {
    let url = url::Url::parse(issuer).ok();
    let host = url
        .as_ref()
        .and_then(|url| Some((url.host_str()?, url.port())));
    match host {
        Some((host, Some(port))) => format!("{host}:{port}"),
        Some((host, None)) => host.to_owned(),
        None => issuer.to_owned(),
    }
}

impl From<Oidc> for Provider {
    fn from(oidc: Oidc) -> Self {
        Self::new(oidc)
    }
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.registration
            .debug("Oidc", f)
            .field("issuer", &self.issuer)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
