use serde::Deserialize;
use serde_json::Value;

use crate::{
    faults::{CallbackIss, Signing},
    keys::{algorithm::Algorithm, history::Publication},
};

/// The choices of OpenID Connect. The defaults follow the specification. Other values are those of
/// some real providers, or are wrong on purpose.
///
/// In a configuration file, the section is `[oidc]`, and the values of enums are words such as
/// `"id_token"`. This provider sends the phone number in the ID token, and its flag as a text:
///
/// ```
/// use serde_json::json;
/// use tower_phone_auth_local_provider::{Algorithm, LocalProvider, PhoneIn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// provider.configure(|settings| {
///     settings.oidc.algorithm = Algorithm::Es256;
///     settings.oidc.phone_in = PhoneIn::IdToken;
///     settings.oidc.phone_number_verified = Some(json!("true"));
/// });
/// assert_eq!(provider.oidc_issuer(), format!("{}/oidc", provider.origin()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct OidcSettings {
    /// Signs ID tokens, logout tokens, security events and signed userinfo. Default: RS256. The
    /// metadata announce this algorithm alone.
    pub algorithm: Algorithm,
    /// The methods of client authentication at the token endpoint and at PAR. Default: Basic and
    /// post.
    ///
    /// Without a [`client_secret`], those two do not count. An application without any method is a
    /// public client, and must use PKCE. A right secret by a method that is not in the list is
    /// refused with `invalid_client`, as at a provider that registers one method for each client.
    ///
    /// [`client_secret`]: crate::Settings::client_secret
    pub client_authentication: Vec<ClientAuthentication>,
    /// The application's public key for [`ClientAuthentication::PrivateKeyJwt`], as a JWK for
    /// RS256, ES256 or EdDSA. Default: none. An assertion is accepted once, if its `iss` and `sub`
    /// are the client id, its `aud` is one text and its `exp` is in the future (RFC 7523 section
    /// 3).
    pub client_jwk: Option<Value>,
    /// Whether the `aud` of a client assertion must be the token endpoint, as with old servers,
    /// rather than the issuer. Default: `false`.
    pub assertion_for_token_endpoint: bool,
    /// Whether an authorize request needs a `code_challenge`. Default: `false`. The only method is
    /// S256. A challenge is checked in any case, if the request has one.
    pub requires_pkce: bool,
    /// Whether authorize requests can be pushed. Default: [`Par::Off`].
    pub par: Par,
    /// Whether the `claims` parameter is understood, rather than ignored. Default: `false`.
    ///
    /// A request with the parameter overrides [`phone_in`](Self::phone_in).
    pub claims_parameter: bool,
    /// The `iss` of the callback. Default: [`CallbackIss::Off`].
    #[serde(deserialize_with = "crate::settings::callback_iss")]
    pub callback_iss: CallbackIss,
    /// Whether ID tokens and logout tokens have a `sid`, and the metadata say so. Default: `true`.
    /// Each sign-in has a `sid` of its own. See
    /// [`logout_token`](crate::LocalProvider::logout_token).
    pub names_sessions: bool,
    /// The `issuer` in the discovery document. Default: `None`, which is the right one. A client
    /// must refuse a document with another issuer than the one it was given (OpenID Connect
    /// Discovery section 4.3).
    pub discovery_issuer: Option<String>,
    /// The origin of the endpoints in the discovery document, such as `http://op.example`. Default:
    /// `None`, which is this provider's.
    pub endpoint_origin: Option<String>,
    /// The answer of the userinfo endpoint. Default: [`Userinfo::Json`].
    pub userinfo: Userinfo,
    /// How a [`Userinfo::Jwt`] is signed. Default: [`Signing::Right`].
    #[serde(skip)]
    pub userinfo_signing: Signing,
    /// The `sub` in userinfo. Default: `None`, which is the right one. A client must not use claims
    /// of another `sub` than that of the ID token (OpenID Connect Core section 5.3.2).
    pub userinfo_sub: Option<String>,
    /// The place of the phone number, if the person agreed. Default: [`PhoneIn::Userinfo`].
    pub phone_in: PhoneIn,
    /// The `phone_number_verified` beside a phone number, or `None` to leave it out. Default:
    /// `true`. The value may be of any type, because some providers send the text `"true"`.
    pub phone_number_verified: Option<Value>,
    /// Whether the phone number is written as the [`Person`] has it, rather than in E.164. Default:
    /// `false`.
    ///
    /// [`Person`]: crate::Person
    pub phone_as_written: bool,
    /// Whether keys and tokens have a `kid`. Default: `true`. Without it, a client must find the
    /// key by its kind (OpenID Connect Core section 10.1).
    pub kids: bool,
    /// Whether new keys have the `kid` of the old ones. Default: `false`. A client that looks for
    /// keys anew only for an unknown `kid` then refuses right tokens. See
    /// [`rotate_keys`](crate::LocalProvider::rotate_keys).
    pub reuses_kid: bool,
    /// Whether keys stay published after they were replaced. Default: `false`. With `true`, a token
    /// that was signed before can still be verified, as at providers that announce a change of keys
    /// in advance.
    pub keeps_old_keys: bool,
    /// Whether keys that no client can use are published before the right ones: of unknown kinds
    /// and algorithms, and one for encryption. Default: `true`.
    pub strange_keys: bool,
}

/// A method of client authentication (OpenID Connect Core section 9).
///
/// ```
/// # use tower_phone_auth_local_provider::{ClientAuthentication, LocalProvider};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// provider.configure(|settings| {
///     settings.oidc.client_authentication = vec![ClientAuthentication::SecretPost];
/// });
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// `client_secret_basic`: the secret in the `Authorization` header.
    SecretBasic,
    /// `client_secret_post`: the secret in the body.
    SecretPost,
    /// `private_key_jwt`: an assertion signed with the application's own key.
    PrivateKeyJwt,
}

/// Whether authorize requests can be pushed (RFC 9126).
///
/// ```
/// # use tower_phone_auth_local_provider::{LocalProvider, Par};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// provider.configure(|settings| settings.oidc.par = Par::Required);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Par {
    /// Requests cannot be pushed, and there is no endpoint for it.
    #[default]
    Off,
    /// Requests can be pushed to `/oidc/par`, which the metadata name, and need not be.
    Offered,
    /// Requests must be pushed, and the metadata say so. One that was not pushed ends on a page of
    /// the provider and never reaches the application.
    Required,
}

/// The answer of the userinfo endpoint.
///
/// ```
/// # use tower_phone_auth_local_provider::{LocalProvider, Userinfo};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// provider.configure(|settings| settings.oidc.userinfo = Userinfo::Absent);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Userinfo {
    /// A JSON object.
    #[default]
    Json,
    /// A JWT with `iss` and `aud`, signed by [`OidcSettings::algorithm`] in the way of
    /// [`OidcSettings::userinfo_signing`].
    Jwt,
    /// There is no such endpoint and the metadata name none. The ID token has the other claims too.
    Absent,
}

/// The place of the phone number.
///
/// ```
/// # use tower_phone_auth_local_provider::{LocalProvider, PhoneIn};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// provider.configure(|settings| settings.oidc.phone_in = PhoneIn::IdToken);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PhoneIn {
    /// In userinfo only, as the specification has it.
    #[default]
    Userinfo,
    /// In the ID token only.
    IdToken,
    /// In both.
    Both,
    /// In both, and userinfo has another number, so that a test shows which of two numbers an
    /// application takes.
    Mismatching,
}

impl OidcSettings {
    /// How the keys are published and named.
    pub(crate) fn publication(&self) -> Publication {
        Publication {
            algorithm: self.algorithm,
            kids: self.kids,
            reuses_kid: self.reuses_kid,
            keeps_old_keys: self.keeps_old_keys,
        }
    }
}

impl ClientAuthentication {
    /// The name in the metadata (OpenID Connect Discovery section 3).
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SecretBasic => "client_secret_basic",
            Self::SecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }
}

impl Default for OidcSettings {
    fn default() -> Self {
        use ClientAuthentication::{SecretBasic, SecretPost};

        Self {
            algorithm: Algorithm::default(),
            client_authentication: vec![SecretBasic, SecretPost],
            client_jwk: None,
            assertion_for_token_endpoint: false,
            requires_pkce: false,
            par: Par::default(),
            claims_parameter: false,
            callback_iss: CallbackIss::default(),
            names_sessions: true,
            discovery_issuer: None,
            endpoint_origin: None,
            userinfo: Userinfo::default(),
            userinfo_signing: Signing::default(),
            userinfo_sub: None,
            phone_in: PhoneIn::default(),
            phone_number_verified: Some(true.into()),
            phone_as_written: false,
            kids: true,
            reuses_kid: false,
            keeps_old_keys: false,
            strange_keys: true,
        }
    }
}
