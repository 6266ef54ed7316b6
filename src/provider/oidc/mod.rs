//! Any OpenID provider: <https://openid.net/specs/openid-connect-core-1_0.html>.

use std::fmt;

use jsonwebtoken::Algorithm;
use secrecy::SecretString;

use self::claims::Reading;
use super::{ClientAuth, Provider, Title};
use crate::brand::Brand;

pub(super) mod assertion;
pub(super) mod auth_time;
pub(super) mod claims;
mod connected;
mod dialect;
mod ending;
pub(super) mod event_token;
mod events;
pub(super) mod id_token;
pub(super) mod jws;
pub(super) mod keys;
mod logout_token;
mod metadata;
mod par;
mod presets;
pub(super) mod security_event;
mod settings;
mod userinfo;

/// Any OpenID provider, by its issuer.
///
/// Register `{public_url}/auth/callback/oidc` there. Nothing is fetched before the first login (or
/// [`OAuthLayer::warm_up`](crate::OAuthLayer::warm_up)), so that the application starts while the provider is down.
///
/// To hear when people sign out there, register `{public_url}/auth/events/oidc` as the `backchannel_logout_uri`
/// ([Back-Channel Logout 1.0](https://openid.net/specs/openid-connect-backchannel-1_0.html)). A logout token needs an `exp`,
/// is not older than five minutes, and counts once: on every replica that shares the
/// [log](crate::Builder::revocation_log), and without one in each process. A copy ends no session begun since. A token with
/// `sub` and `sid` ends the sessions of that `sid`, and those of the person that know no `sid`. The same path takes security
/// events ([RFC 8935](https://www.rfc-editor.org/rfc/rfc8935)) that the issuer signs with the same keys, for a day.
///
/// Front-channel logout is not supported: nothing in such a request proves that the provider sent it.
///
/// The phone number is read from the ID token and from userinfo
/// ([Core section 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)); if both have one, they must
/// agree. It is [`Verified`](crate::PhoneAssurance::Verified) if `phone_number_verified` is true, and otherwise
/// [`Unverified`](crate::PhoneAssurance::Unverified), which the default policy refuses.
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
    phone_scope: String,
    client_auth: Option<ClientAuth>,
    private_key: Option<(String, SecretString)>,
    assertion_names_endpoint: bool,
    pkce: bool,
    signing: Signing,
    profile: ProfileAt,
    reading: Reading,
    region: Option<String>,
    logs_out: bool,
    internal_endpoints: bool,
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

/// Asymmetric, and still considered safe. Which one a token says it has is not asked.
const ALGORITHMS: [Algorithm; 5] = [
    Algorithm::RS256,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

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
            phone_scope: "phone".to_owned(),
            client_auth: None,
            private_key: None,
            assertion_names_endpoint: false,
            profile: ProfileAt::Userinfo,
            pkce: true,
            signing: Signing::Keys,
            reading: Reading::default(),
            region: None,
            logs_out: false,
            internal_endpoints: false,
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

    /// One more scope to ask for, such as `profile` or `email`. Default: `openid` and the phone's.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// The scope that stands for the phone number. Default: `phone`
    /// ([Core section 5.4](https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims)).
    #[must_use]
    pub fn phone_scope(mut self, scope: impl Into<String>) -> Self {
        self.phone_scope = scope.into();
        self
    }

    /// The country, as in `KR`, of numbers that are written without one. Default: none, such numbers
    /// are refused.
    #[must_use]
    pub fn phone_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sends the client secret in the body. Default: as the provider announces, Basic if it
    /// takes both ([RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
    #[must_use]
    pub fn client_secret_post(mut self) -> Self {
        self.client_auth = Some(ClientAuth::Body);
        self
    }

    /// Sends the client secret as Basic. Default: see [`client_secret_post`](Self::client_secret_post).
    #[must_use]
    pub fn client_secret_basic(mut self) -> Self {
        self.client_auth = Some(ClientAuth::Basic);
        self
    }

    /// Proves the client with a private key instead of a secret: `private_key_jwt`
    /// ([Core section 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication)).
    ///
    /// The key is RSA, P-256 or Ed25519 in PKCS #8 PEM; `key_id` is the `kid` under which its public half is
    /// registered. Its assertions are for the issuer (`aud`), as
    /// [draft-ietf-oauth-rfc7523bis](https://datatracker.ietf.org/doc/draft-ietf-oauth-rfc7523bis/) has it; see
    /// [`assertion_for_token_endpoint`](Self::assertion_for_token_endpoint) for a server that wants its endpoint there.
    #[must_use]
    pub fn private_key_jwt(mut self, key_id: impl Into<String>, pem: impl Into<String>) -> Self {
        self.private_key = Some((key_id.into(), pem.into().into()));
        // RFC 6749 section 2.3: not more than one method in a request.
        self.client_secret = None;
        self
    }

    /// Makes the assertions of [`private_key_jwt`](Self::private_key_jwt) for the token endpoint, as
    /// [RFC 7523 section 3](https://www.rfc-editor.org/rfc/rfc7523#section-3) suggested it. Default: they are for the issuer.
    ///
    /// Only for an old server that refuses its issuer there with `invalid_client`, and only with a key that no other
    /// provider knows: the metadata of a hostile provider may name the token endpoint of an honest one, and the hostile one
    /// then receives an assertion that the honest one accepts.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// # fn example(pem: String) -> Oidc {
    /// Oidc::without_secret("https://id.example.com", "client-id")
    ///     .private_key_jwt("app", pem)
    ///     .assertion_for_token_endpoint()
    /// # }
    /// ```
    #[must_use]
    pub fn assertion_for_token_endpoint(mut self) -> Self {
        self.assertion_names_endpoint = true;
        self
    }

    /// Signs people out at the provider as well, when they sign out here: a page's `POST /auth/logout` leads to the
    /// `end_session_endpoint` ([RP-Initiated Logout 1.0](https://openid.net/specs/openid-connect-rpinitiated-1_0.html)), with
    /// the session's ID token as `id_token_hint`. Default: off, people stay signed in there.
    ///
    /// Register `{public_url}/auth/logout/done` as a `post_logout_redirect_uri`. The session here ends before. The ID token
    /// waits in a sealed cookie of its own, which is sent to `/auth/logout` alone; one too long for a cookie is left out. A
    /// page of yours with a `form-action` in its Content-Security-Policy must let the provider's origin through.
    #[must_use]
    pub fn logout_at_provider(mut self) -> Self {
        self.logs_out = true;
        self
    }

    /// Lets the metadata name endpoints of inner networks at any host. Default: an endpoint that this server calls, at
    /// another host than the issuer, may not lead to a loopback, link-local or unspecified address, and to a private one only if
    /// the issuer has a private address itself (loopback: only if the issuer is on loopback).
    ///
    /// The metadata are the provider's word: without the check, a provider that was taken over points this server at itself, at the
    /// network behind it or at `169.254.169.254`, and the client secret is posted there. Addresses are judged when the
    /// metadata are read, in every spelling. Names are judged at each connection, by the default client; a
    /// [client of your own](crate::Builder::http_client) judges them itself, and behind a proxy the proxy resolves them.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let oidc = Oidc::new("https://id.example.com", "client-id", "secret").allow_internal_endpoints();
    /// ```
    #[must_use]
    pub fn allow_internal_endpoints(mut self) -> Self {
        self.internal_endpoints = true;
        self
    }

    /// Takes the text `"true"` for true in `phone_number_verified` and `email_verified`. Default: off.
    #[must_use]
    pub fn accept_string_booleans(mut self) -> Self {
        self.reading.string_booleans = true;
        self
    }

    /// Leaves PKCE out. Default: on. Only for a provider that refuses it.
    #[must_use]
    pub fn without_pkce(mut self) -> Self {
        self.pkce = false;
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
