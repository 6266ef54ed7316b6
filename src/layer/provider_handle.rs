//! Requests that the application itself makes of a provider: revoking a token or a user's consent.

use std::{fmt, sync::Arc};

use super::OAuthLayer;
use crate::{
    error::ProviderError,
    provider::{ProviderClient, revocation::UnlinkTarget},
};

impl OAuthLayer {
    /// The provider of this name, such as `kakao`, for revoking a token or a user's consent there.
    /// `None` if the layer has no provider of this name.
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer, kept: String) {
    /// let Some(kakao) = auth.provider("kakao") else { return };
    /// if let Err(error) = kakao.unlink(&kept).await {
    ///     eprintln!("the consent stays: {error}");
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn provider(&self, name: &str) -> Option<ProviderHandle> {
        let provider = self.flow.by_name(name)?;
        Some(ProviderHandle {
            name: Arc::clone(&provider.name),
            client: Arc::clone(&provider.client),
        })
    }
}

/// One provider of a layer, for requests that the application itself makes.
/// [`OAuthLayer::provider`] returns it. Clones share everything.
///
/// The layer itself calls none of these methods. Neither a sign-out nor a revocation of sessions
/// revokes a token or a consent.
///
/// ```
/// use tower_phone_auth::{OAuthLayer, error::ProviderError};
///
/// /// With `Kakao::admin_key`.
/// async fn unlink(auth: &OAuthLayer, subject: &str) -> Result<(), ProviderError> {
///     let Some(kakao) = auth.provider("kakao") else { return Ok(()) };
///     kakao.unlink_subject(subject).await
/// }
/// ```
#[derive(Clone)]
pub struct ProviderHandle {
    name: Arc<str>,
    client: Arc<dyn ProviderClient>,
}

impl ProviderHandle {
    /// The provider's name in the layer, as in
    /// [`VerifiedUser::provider`](crate::VerifiedUser::provider).
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// let auth = OAuthLayer::new(kakao, "https://shop.example.com", SessionKey::random())?;
    /// assert_eq!(auth.provider("kakao").unwrap().name(), "kakao");
    /// assert!(auth.provider("naver").is_none());
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Revokes a token that the application kept in
    /// [`Builder::on_sign_in`](crate::Builder::on_sign_in). A token that is no longer valid counts
    /// as revoked.
    ///
    /// At OpenID providers that announce an endpoint for it, this is [RFC
    /// 7009](https://www.rfc-editor.org/rfc/rfc7009) for either kind of token; at Kakao,
    /// `/v1/user/logout` for an access token. Google revokes the user's consent with the token, as
    /// [`unlink`](Self::unlink) does. Naver revokes nothing less than the consent.
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer, kept: String) {
    /// let Some(oidc) = auth.provider("oidc") else { return };
    /// if let Err(error) = oidc.revoke_token(&kept).await {
    ///     eprintln!("the token is valid until it expires: {error}");
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// `Misconfigured` with the code `revocation` if the provider revokes no single tokens;
    /// otherwise the answer of the provider, or that there was none.
    pub async fn revoke_token(&self, token: &str) -> Result<(), ProviderError> {
        self.client.revoke(token).await
    }

    /// Revokes a user's consent and all tokens, as when an account is closed. The next sign-in asks
    /// for everything again. `token` is an access token of the user.
    ///
    /// Kakao (`/v1/user/unlink`), Naver and Google (their revocation endpoints) support it. The
    /// sessions of the layer go on, and [`Builder::on_unlink`](crate::Builder::on_unlink) is not
    /// called.
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer, kept: String) {
    /// let Some(naver) = auth.provider("naver") else { return };
    /// if let Err(error) = naver.unlink(&kept).await {
    ///     eprintln!("the consent stays: {error}");
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`revoke_token`](Self::revoke_token); `TokenRejected` if the token is no longer valid at
    /// Kakao, where the consent then stays.
    pub async fn unlink(&self, token: &str) -> Result<(), ProviderError> {
        self.client.unlink(UnlinkTarget::Token(token)).await
    }

    /// As [`unlink`](Self::unlink), by the user's subject and without a token of the user. Kakao
    /// alone has it, with its [`admin_key`](crate::Kakao::admin_key).
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer) -> Result<(), tower_phone_auth::error::ProviderError> {
    /// let Some(kakao) = auth.provider("kakao") else { return Ok(()) };
    /// kakao.unlink_subject("1376016924429759228").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`revoke_token`](Self::revoke_token); `Misconfigured` with the code `admin_key` if the
    /// key is not set or not accepted.
    pub async fn unlink_subject(&self, subject: &str) -> Result<(), ProviderError> {
        self.client.unlink(UnlinkTarget::Subject(subject)).await
    }
}

/// Shows the name alone.
impl fmt::Debug for ProviderHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProviderHandle({:?})", self.name)
    }
}
