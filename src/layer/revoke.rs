//! What the application may end at a provider, by its explicit word alone.

use super::OAuthLayer;
use crate::{error::LoginError, provider::revocation::UnlinkTarget};

impl OAuthLayer {
    /// Ends a token that the application kept in [`Builder::on_sign_in`](crate::Builder::on_sign_in), at the provider of
    /// this name. A token that is not good any more counts as ended.
    ///
    /// At OpenID providers it is [RFC 7009](https://www.rfc-editor.org/rfc/rfc7009) for either kind of token, where they
    /// announce an endpoint for it; at Kakao, `/v1/user/logout` for an access token; at Google the person's consent goes
    /// with it, as with [`unlink`](Self::unlink). Naver has nothing less than that. No logout calls this.
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
    pub async fn revoke_token(&self, provider: &str, token: &str) -> Result<(), LoginError> {
        self.flow.client(provider)?.revoke(token).await
    }

    /// Takes the link between a person and the application away, with the consent and all tokens, as when an account
    /// is closed: the next login asks for everything again. `token` is an access token of the person.
    ///
    /// Kakao (`/v1/user/unlink`), Naver and Google (their revocation endpoints). Sessions here are not touched, and
    /// [`Builder::on_unlink`](crate::Builder::on_unlink) is not called. No logout calls this.
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
    pub async fn unlink(&self, provider: &str, token: &str) -> Result<(), LoginError> {
        self.flow
            .client(provider)?
            .unlink(UnlinkTarget::Token(token))
            .await
    }

    /// As [`unlink`](Self::unlink), by the person's subject and without a token of theirs: Kakao alone, with its
    /// [`admin_key`](crate::Kakao::admin_key).
    ///
    /// ```no_run
    /// # async fn example(auth: tower_phone_auth::OAuthLayer) -> Result<(), tower_phone_auth::LoginError> {
    /// auth.unlink_subject("kakao", "1376016924429759228").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`revoke_token`](Self::revoke_token).
    pub async fn unlink_subject(&self, provider: &str, subject: &str) -> Result<(), LoginError> {
        let client = self.flow.client(provider)?;
        client.unlink(UnlinkTarget::Subject(subject)).await
    }
}
