//! Providers that users sign in with, and the parts of a custom provider.
//!
//! [`Kakao`], [`Naver`], [`Google`] and [`Oidc`] are ready to use. [`CustomProvider`] is for any
//! other OAuth 2.0 server. The application gives it a [`ReadProfile`], which returns a [`Profile`].
//! [`HttpClient`] replaces the client that sends the requests.

// Providers: the settings that an application writes, and the clients that talk to the providers.
//
// 1. **Settings**: `Kakao`, `Naver`, `Google`, `Oidc` and `CustomProvider` are builders that use no
//    network. Each converts into a `Provider`, a box around the trait `Settings`.
// 2. **Connect**: `Builder::build` calls `Settings::connect`, which checks the settings and makes
//    the client. Nothing is sent, so that an application starts while its provider is down.
// 3. **Client**: `ProviderClient` is the only interface that `flow` knows. A client makes the URL
//    of the authorization request, exchanges the code for a `Profile`, verifies events, and revokes
//    tokens.
//
// Files at this level serve several providers: `client.rs`, `exchange.rs` and `token.rs` speak
// OAuth 2.0; `json.rs` and `error_detail.rs` read responses; `event.rs` and `revocation.rs` define
// the other requests. `oidc` also validates the ID tokens of Kakao and Google.
//
// To add a provider that speaks OpenID Connect, add a preset to `oidc/presets`. For another
// protocol, add a folder like `naver` with settings and a client, name it below, and export the
// settings in `lib.rs`. The shared settings `authorize_with`, `timeout` and `without_phone` have a file each.

use std::{fmt, sync::Arc, time::Duration};

use url::Url;

use crate::error::ConfigError;

pub(crate) use callback_parameters::CallbackParameters;
use credentials::ClientAuth;
pub(crate) use identity::{Family, Identity, Title};
use profile::PhoneClaim;
pub(crate) use provider_client::{
    AuthorizationRequest, CodeExchange, Freshness, ProviderClient, SignedIn,
};
pub(crate) use settings::{ConnectContext, Settings};

pub use crate::http_client::{BoxFuture, HttpClient, HttpError, HttpErrorKind};
pub use custom::CustomProvider;
pub use google::Google;
pub use kakao::Kakao;
pub use naver::Naver;
pub use oidc::Oidc;
pub use profile::Profile;
pub use read_profile::{ProfileContext, ProfileRequest, ReadProfile};
pub use tokens::ProviderTokens;

pub(crate) mod assertion;
mod authorize_with;
mod bearer;
pub(crate) mod brand;
mod callback_parameters;
pub(crate) mod claims;
mod client;
mod credentials;
pub(crate) mod custom;
pub(crate) mod end_session;
mod endpoint;
mod error_detail;
pub(crate) mod event;
mod exchange;
pub(crate) mod google;
mod identity;
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
mod provider_client;
pub(crate) mod read_profile;
pub(crate) mod recheck;
pub(crate) mod refused;
mod registration;
pub(crate) mod revocation;
mod settings;
mod timeout;
mod token;
pub(crate) mod tokens;
mod without_phone;

/// A provider with which users sign in. It is made from the settings of one, such as [`Kakao`], and
/// given to [`Builder::provider`](crate::Builder::provider).
///
/// ```
/// use tower_phone_auth::{provider::Provider, Kakao};
///
/// let provider = Provider::from(Kakao::new("rest-api-key", "client-secret"));
/// assert!(!format!("{provider:?}").contains("client-secret"));
/// ```
pub struct Provider {
    /// The settings of the one provider, whatever its protocol.
    settings: Box<dyn Settings>,
    /// The environment variables that settings were read from, for errors.
    variables: Vec<(&'static str, String)>,
}

impl Provider {
    /// Boxes the settings. The `From` implementations of the providers call this.
    pub(crate) fn new(settings: impl Settings + 'static) -> Self {
        Self {
            settings: Box::new(settings),
            variables: Vec::new(),
        }
    }

    /// The environment variables that settings were read from, by the name of the setting. Errors
    /// then name the variable.
    pub(crate) fn read_from(mut self, variables: Vec<(&'static str, String)>) -> Self {
        self.variables = variables;
        self
    }

    /// The error of a setting in the terms of the variables that it was read from.
    pub(crate) fn in_variables(&self, error: ConfigError) -> ConfigError {
        error.in_variables(&self.variables)
    }

    /// Replaces the hosts of the provider in tests, unless its own settings do.
    pub(crate) fn based_at(&mut self, origin: &str) {
        self.settings.based_at(origin);
    }

    /// The name in paths and in `VerifiedUser::provider`, which is unique in a layer.
    pub(crate) fn name(&self) -> &str {
        &self.settings.registration().name
    }

    /// Whether the provider is not asked for a phone number.
    pub(crate) fn leaves_phone_out(&self) -> bool {
        self.settings.registration().without_phone
    }

    /// The provider's own timeout, if it is set.
    pub(crate) fn timeout(&self) -> Result<Option<Duration>, ConfigError> {
        timeout::checked(self.settings.registration().timeout)
    }

    /// The setting that puts the endpoints on loopback, if there is one.
    pub(crate) fn local_setting(&self) -> Option<&'static str> {
        self.settings.local_setting()
    }

    /// The addresses of the settings, if the metadata name the other endpoints. Connections to
    /// hosts that only the metadata name are checked.
    pub(crate) fn own_urls(&self) -> Vec<Url> {
        self.settings.own_urls()
    }

    /// Checks the settings, and makes the client.
    ///
    /// # Errors
    ///
    /// If a setting is missing or contradicts another one. The name is checked first, because it is
    /// part of the callback path that is registered at the provider.
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
