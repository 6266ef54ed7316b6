//! Calls that end tokens and links at a provider. The layer itself never makes them.

use super::OAuthLayer;
use crate::{error::ProviderError, provider::revocation::UnlinkTarget};

impl OAuthLayer {
    /// Revokes a token that the application stored in [`Builder::on_sign_in`](crate::Builder::on_sign_in), at the provider with this
    /// name. A token that is invalid already counts as revoked.
    ///
    /// At OpenID providers it is [RFC 7009](https://www.rfc-editor.org/rfc/rfc7009) for either kind of token, where they
    /// announce an endpoint for it; at Kakao, `/v1/user/logout` for an access token; at Google the user's consent ends
    /// too, as with [`unlink`](Self::unlink). Naver offers only a full unlink. A sign-out does not call this.
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer, kept: String) {
    /// if let Err(error) = auth.revoke_token("oidc", &kept).await {
    ///     eprintln!("the token lives until it expires: {error}");
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// `Misconfigured` if there is no such provider here or it has no such thing; otherwise what the provider answered, or
    /// that it did not.
    pub async fn revoke_token(&self, provider: &str, token: &str) -> Result<(), ProviderError> {
        self.flow.client(provider)?.revoke(token).await
    }

    /// Removes the link between a user and the application, with the consent and all tokens, as when an account is closed. The
    /// next sign-in asks for every consent again. `token` is an access token of the user.
    ///
    /// Kakao (`/v1/user/unlink`), Naver and Google (their revocation endpoints). Sessions of this layer stay, and
    /// [`Builder::on_unlink`](crate::Builder::on_unlink) is not called. A sign-out does not call this.
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer, kept: String) {
    /// if let Err(error) = auth.unlink("kakao", &kept).await {
    ///     eprintln!("the link stays: {error}");
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`revoke_token`](Self::revoke_token); `TokenRejected` if the token is not good any more at Kakao, which leaves
    /// the link as it is.
    pub async fn unlink(&self, provider: &str, token: &str) -> Result<(), ProviderError> {
        self.flow
            .client(provider)?
            .unlink(UnlinkTarget::Token(token))
            .await
    }

    /// Like [`unlink`](Self::unlink), by the user's subject and without a token. Kakao only, with its
    /// [`admin_key`](crate::Kakao::admin_key).
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer) -> Result<(), tower_phone_auth::ProviderError> {
    /// auth.unlink_subject("kakao", "1376016924429759228").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`revoke_token`](Self::revoke_token).
    pub async fn unlink_subject(&self, provider: &str, subject: &str) -> Result<(), ProviderError> {
        let client = self.flow.client(provider)?;
        client.unlink(UnlinkTarget::Subject(subject)).await
    }
}
