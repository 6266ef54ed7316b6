//! The hook of a callback, before a phone step.

use std::{fmt, future::Future, sync::Arc};

use super::Hooks;
use crate::{
    error::{LoginError, SignInError},
    http_client::BoxFuture,
    provider::{claims::ProviderClaims, tokens::ProviderTokens},
    session::{subject::Subject, user::VerifiedUser},
};

/// The type of [`Builder::on_profile`](crate::Builder::on_profile). The hook may refuse the user.
pub(super) type OnProfile =
    dyn Fn(ProviderUser) -> BoxFuture<'static, Result<(), LoginError>> + Send + Sync;

/// A user who has just signed in at the provider, as
/// [`Builder::on_profile`](crate::Builder::on_profile) gets it at the callback. The phone number may
/// still be unproved, so there is none here.
///
/// ```
/// use tower_phone_auth::{OAuthLayer, hooks::{Denied, ProviderUser}};
///
/// let builder = OAuthLayer::builder().on_profile(|user: ProviderUser| async move {
///     if !user.email_verified {
///         return Err(Denied::new("Verify your email address first.").into());
///     }
///     Ok(())
/// });
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct ProviderUser {
    /// The name of the provider in this layer, such as `kakao`.
    pub provider: Arc<str>,
    /// The provider's identifier of the user, which never changes.
    pub subject: Subject,
    /// A name to show, if the provider gave one. See
    /// [`VerifiedUser::name`](crate::VerifiedUser::name).
    pub name: Option<String>,
    /// An email address, if the provider gave one.
    pub email: Option<String>,
    /// Whether the provider says that the email address is verified.
    pub email_verified: bool,
    /// The provider's tokens. The layer does not keep them. The hook may store them.
    pub tokens: ProviderTokens,
    claims: ProviderClaims,
}

impl ProviderUser {
    /// The claims of the verified ID token and of the profile.
    ///
    /// ```
    /// use tower_phone_auth::hooks::ProviderUser;
    ///
    /// fn is_admin(user: &ProviderUser) -> bool {
    ///     let groups: Option<Vec<String>> = user.claims().get("groups").unwrap_or_default();
    ///     groups.is_some_and(|groups| groups.iter().any(|group| group == "admin"))
    /// }
    /// ```
    #[must_use]
    pub fn claims(&self) -> &ProviderClaims {
        &self.claims
    }
}

/// Hides the subject, which may be a phone number, the name and the address.
impl fmt::Debug for ProviderUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderUser")
            .field("provider", &self.provider)
            .field("email_verified", &self.email_verified)
            .finish_non_exhaustive()
    }
}

impl Hooks {
    /// Sets the hook of [`Builder::on_profile`](crate::Builder::on_profile).
    pub(crate) fn set_on_profile<F, T>(&mut self, hook: F)
    where
        F: Fn(ProviderUser) -> T + Send + Sync + 'static,
        T: Future<Output = Result<(), SignInError>> + Send + 'static,
    {
        self.on_profile = Some(Arc::new(move |user| {
            let read = hook(user);
            Box::pin(async { Ok(read.await?) })
        }));
    }

    /// Calls the hook of a callback. The number of `user` may be a placeholder, so the hook gets
    /// the rest.
    ///
    /// # Errors
    ///
    /// `Denied` if the hook refuses the user, `ApplicationBusy` if it failed or took too long.
    pub(crate) async fn profile(
        &self,
        user: &VerifiedUser,
        tokens: &ProviderTokens,
        claims: &ProviderClaims,
    ) -> Result<(), LoginError> {
        let Some(hook) = &self.on_profile else {
            return Ok(());
        };
        let user = ProviderUser {
            provider: Arc::clone(&user.provider),
            subject: user.subject.clone(),
            name: user.name().map(str::to_owned),
            email: user.email().map(str::to_owned),
            email_verified: user.email_verified(),
            tokens: tokens.clone(),
            claims: claims.clone(),
        };
        self.in_time(hook(user)).await
    }
}
