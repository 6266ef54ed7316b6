//! The provider's tokens, on their way to the application.

use std::{fmt, time::Duration};

use secrecy::{ExposeSecret, SecretString};

/// What the token endpoint gave ([RFC 6749 section 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)), for an
/// application that goes on asking the provider.
///
/// The layer refreshes nothing. An application that does keeps the old refresh token where an answer has none (Kakao
/// until a month before its end, Naver always), replaces it where there is one, and lets one refresh run at a time.
///
/// The layer itself drops them after reading the profile; the one place that sees them is
/// [`Builder::on_sign_in`](crate::Builder::on_sign_in). `Debug` hides them.
///
/// ```
/// use tower_phone_auth::{OAuthLayer, SignIn};
///
/// let builder = OAuthLayer::builder().on_sign_in(|SignIn { user, tokens, .. }| async move {
///     keep(&user.subject, tokens.refresh_token()).await;
///     Ok(())
/// });
/// # async fn keep(_: &str, _: Option<&str>) {}
/// ```
#[derive(Clone)]
pub struct ProviderTokens {
    pub(crate) access_token: SecretString,
    pub(crate) refresh_token: Option<SecretString>,
    pub(crate) expires_in: Option<Duration>,
    pub(crate) refresh_token_expires_in: Option<Duration>,
    pub(crate) scope: Option<String>,
}

impl ProviderTokens {
    /// The access token.
    #[must_use]
    pub fn access_token(&self) -> &str {
        self.access_token.expose_secret()
    }

    /// The refresh token, if there is one.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&str> {
        self.refresh_token.as_ref().map(ExposeSecret::expose_secret)
    }

    /// How long the access token lives, if the provider says so in any way that is a number.
    #[must_use]
    pub fn expires_in(&self) -> Option<Duration> {
        self.expires_in
    }

    /// How long the refresh token lives: a member of Kakao's answer.
    #[must_use]
    pub fn refresh_token_expires_in(&self) -> Option<Duration> {
        self.refresh_token_expires_in
    }

    /// What was granted, separated by spaces; none is unknown, and not nothing.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }
}

impl fmt::Debug for ProviderTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderTokens")
            .field("expires_in", &self.expires_in)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
