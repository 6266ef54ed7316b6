//! The values that hooks get.

use std::{fmt, sync::Arc, time::SystemTime};

use crate::{
    provider::{claims::ProviderClaims, tokens::ProviderTokens},
    session::{subject::Subject, user::VerifiedUser},
};

/// A sign-in, as [`Builder::on_sign_in`](crate::Builder::on_sign_in) gets it before the session
/// begins.
///
/// ```
/// use tower_phone_auth::{OAuthLayer, hooks::SignIn};
///
/// let builder = OAuthLayer::builder().on_sign_in(|SignIn { user, .. }| async move {
///     println!("{} signed in at {}", user.phone.masked(), user.provider);
///     Ok(())
/// });
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignIn {
    /// The verified user.
    pub user: VerifiedUser,
    /// The provider's tokens. The layer does not keep them. The hook may store them. `None` after a
    /// [phone step](crate::Builder::phone_step), because the layer keeps no tokens during it;
    /// [`Builder::on_profile`](crate::Builder::on_profile) gets them before.
    pub tokens: Option<ProviderTokens>,
    /// The provider's claims about the user.
    pub(super) claims: ProviderClaims,
}

impl SignIn {
    /// The claims of the verified ID token and of the profile, such as groups, roles or a tenant.
    /// After a [phone step](crate::Builder::phone_step), those that
    /// [`PhoneStep::keep_claims`](crate::phone_step::PhoneStep::keep_claims) names. None if the step
    /// was for a [route](crate::layer::RequireUser::minimum_assurance), because the provider was not
    /// asked then.
    ///
    /// ```
    /// use tower_phone_auth::{OAuthLayer, hooks::SignIn};
    ///
    /// let builder = OAuthLayer::builder().on_sign_in(|sign_in: SignIn| async move {
    ///     let groups: Option<Vec<String>> = sign_in.claims().get("groups")?;
    ///     Ok(groups) // kept in the session
    /// });
    /// ```
    #[must_use]
    pub fn claims(&self) -> &ProviderClaims {
        &self.claims
    }
}

/// A report of the provider that a user unlinked this application or closed the account, as
/// [`Builder::on_unlink`](crate::Builder::on_unlink) gets it after the user's sessions have ended.
///
/// ```
/// use tower_phone_auth::{OAuthLayer, hooks::Unlink};
///
/// # async fn delete(_: &str, _: &str) -> std::io::Result<()> { Ok(()) }
/// let builder = OAuthLayer::builder().on_unlink(|Unlink { provider, subject, .. }| async move {
///     delete(&provider, &subject).await?;
///     Ok(())
/// });
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Unlink {
    /// The name of the provider in this layer, such as `kakao`.
    pub provider: Arc<str>,
    /// The provider's identifier of the user.
    pub subject: Subject,
    /// The time at which the user did so, by the report. If the report has no time, the time of the
    /// request counts. The time is never in the future. A record of the user that the application
    /// made later belongs to a new link and must be kept.
    pub at: SystemTime,
}

/// Hides the subject, which may be a phone number.
impl fmt::Debug for Unlink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unlink")
            .field("provider", &self.provider)
            .finish_non_exhaustive()
    }
}
