//! Everything that tower sees: the layer, its builder, its services and the future of a response.
//!
//! Most applications need only [`OAuthLayer`] and [`Builder`], which the root of the crate exports
//! as well. The other types appear in the signatures of a `tower::Service`, or are errors and
//! settings of single methods.

use std::sync::Arc;

use tower_layer::Layer;

use crate::{error::ConfigError, flow::Flow, provider::Provider, seal::key::SessionKey};

pub use body::ResponseBody;
pub use builder::Builder;
#[cfg(feature = "axum-08")]
pub use extract::{Refusal, Rejection};
pub use future::ResponseFuture;
pub(crate) use future::finish;
pub use placement::PlacementCheck;
pub use placement_error::PlacementError;
pub use provider_handle::ProviderHandle;
pub use require::{RequireUser, Required};
pub use service::AuthService;
pub(crate) use service::forget;
#[cfg(feature = "test-util")]
pub use test_user::TestUser;
pub use variables::Variables;

pub use crate::flow::{RefreshClaimsError, RevokeError, WarmUpError};

mod body;
mod builder;
mod claims;
mod doctor;
#[cfg(feature = "axum-08")]
mod extract;
mod future;
mod hooks;
mod pages;
mod phone_step;
mod placement;
mod placement_error;
mod provider_calls;
mod provider_handle;
mod rebuilt;
mod recheck;
mod requests;
mod require;
mod revocation;
mod service;
mod sign_out;
#[cfg(feature = "test-util")]
mod test_user;
mod testing;
mod variables;

/// A tower layer that requires sign-in with a verified phone number.
///
/// A page visit without a session is redirected to the provider, and the user comes back with a
/// session. Requests of a signed-in user reach the wrapped service, with a
/// [`VerifiedUser`](crate::VerifiedUser) in their extensions. The layer answers the paths below
/// `/auth` itself. Clones share everything.
///
/// The body of a request that needs a session and has none is not read, unless it is a form that is
/// [saved](Builder::save_forms). A client that still sends a large upload may see a closed
/// connection in place of the 401.
///
/// In axum, add the layer last, on the outermost router, because it does not cover routes and
/// fallbacks that are added afterwards.
///
/// ```
/// use axum::{Router, routing::get};
/// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, VerifiedUser};
///
/// let auth = OAuthLayer::builder()
///     .public_url("https://shop.example.com")
///     .session_key(SessionKey::random())
///     .provider(Kakao::new("rest-api-key", "client-secret"))
///     .build()?;
/// let app: Router = Router::new()
///     .route("/", get(|VerifiedUser { phone, .. }: VerifiedUser| async move { phone.to_string() }))
///     .layer(auth);
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct OAuthLayer {
    flow: Arc<Flow>,
}

impl OAuthLayer {
    /// A builder for all settings.
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let auth = OAuthLayer::builder()
    ///     .public_url("https://shop.example.com")
    ///     .session_key(SessionKey::random())
    ///     .provider(Kakao::new("rest-api-key", "client-secret"))
    ///     .build()?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// A layer with one provider and default settings.
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// let auth = OAuthLayer::new(kakao, "https://shop.example.com", SessionKey::random())?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If a setting cannot work; see [`Builder::build`].
    pub fn new(
        provider: impl Into<Provider>,
        public_url: impl Into<String>,
        session_key: SessionKey,
    ) -> Result<Self, ConfigError> {
        Self::builder()
            .provider(provider)
            .public_url(public_url)
            .session_key(session_key)
            .build()
    }

    /// Makes a layer for routes that require more than a session: a fresh sign-in, a phone number
    /// of a higher assurance, or a rule of the application.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, phone::PhoneAssurance};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// let auth = OAuthLayer::new(kakao, "https://shop.example.com", SessionKey::random())?;
    /// let app: Router = Router::new()
    ///     .route("/contract", get(|| async { "sign here" }))
    ///     .route_layer(auth.require().minimum_assurance(PhoneAssurance::Verified))
    ///     .route("/", get(|| async { "home" }))
    ///     .layer(auth);
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn require(&self) -> RequireUser {
        RequireUser::new(Arc::clone(&self.flow))
    }

    /// Fetches what the first requests would otherwise wait for: the revocations in the
    /// [log](Builder::revocation_log), and the metadata and keys of OpenID providers. A wrong
    /// address is then logged at the start and not at the first sign-in. Each provider has one line
    /// that says what it is asked, and one for each feature that the settings need and its metadata
    /// do not announce ([`AUDIT_TARGET`](crate::audit::AUDIT_TARGET)).
    ///
    /// It also loads, on a thread for blocking work, what only a sign-in needs: the certificate
    /// authorities of the system, the numbering plans of phone numbers, and the seed of the
    /// generator of random numbers for TLS. That takes some tens of milliseconds of the processor
    /// and some megabytes. `build` does not load them, so that a process answers its first request
    /// sooner.
    ///
    /// Optional: the log is read without this call, and the first sign-in fetches and loads the
    /// rest. An application may start while a provider is down.
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer) {
    /// if let Err(error) = auth.warm_up().await {
    ///     eprintln!("not ready yet: {error}");
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// The first failure. Failures are not cached, and a later call tries everything again.
    pub async fn warm_up(&self) -> Result<(), WarmUpError> {
        self.flow.warm_up().await
    }

    pub(crate) fn flow(&self) -> &Arc<Flow> {
        &self.flow
    }

    fn from_flow(flow: Flow) -> Self {
        let flow = Arc::new(flow);
        flow.register();
        Self { flow }
    }
}

impl<S> Layer<S> for OAuthLayer {
    type Service = AuthService<S>;

    fn layer(&self, inner: S) -> AuthService<S> {
        // The task reads the revocation log before the first request, if there is a tokio runtime.
        self.flow.start();
        AuthService::new(inner, Arc::clone(&self.flow))
    }
}
