//! The provider's tokens for the application.

use std::{fmt, time::Duration};

use secrecy::{ExposeSecret, SecretString};

/// The tokens of one sign-in ([RFC 6749 section
/// 5.1](https://www.rfc-editor.org/rfc/rfc6749#section-5.1)), for an application that calls the
/// provider's API itself.
///
/// The layer never refreshes them. An application that does so keeps the old refresh token if a
/// response has none (Kakao sends one in the last month of its life, Naver never), replaces it if
/// there is one, and runs one refresh at a time.
///
/// The layer drops them after it has read the profile. Only
/// [`Builder::on_sign_in`](crate::Builder::on_sign_in) receives them. `Debug` hides them.
///
/// ```
/// use tower_phone_auth::{hooks::SignIn, OAuthLayer};
///
/// let builder = OAuthLayer::builder().on_sign_in(|SignIn { user, tokens, .. }| async move {
///     let refresh_token = tokens.as_ref().and_then(|tokens| tokens.refresh_token());
///     keep(&user.subject, refresh_token).await;
///     Ok(())
/// });
/// # async fn keep(_: &str, _: Option<&str>) {}
/// ```
#[derive(Clone)]
pub struct ProviderTokens {
    /// Always there (RFC 6749 section 5.1).
    pub(crate) access_token: SecretString,
    pub(crate) refresh_token: Option<SecretString>,
    /// Counted from the response, which was a moment ago.
    pub(crate) expires_in: Option<Duration>,
    /// Not part of RFC 6749.
    pub(crate) refresh_token_expires_in: Option<Duration>,
    /// The granted scopes, which may be fewer than the requested ones.
    pub(crate) scope: Option<String>,
}

impl ProviderTokens {
    /// The access token.
    ///
    /// ```
    /// use tower_phone_auth::provider::ProviderTokens;
    ///
    /// fn bearer(tokens: &ProviderTokens) -> String {
    ///     format!("Bearer {}", tokens.access_token())
    /// }
    /// ```
    #[must_use]
    pub fn access_token(&self) -> &str {
        self.access_token.expose_secret()
    }

    /// The refresh token, if there is one.
    ///
    /// ```
    /// use tower_phone_auth::provider::ProviderTokens;
    ///
    /// fn may_be_refreshed(tokens: &ProviderTokens) -> bool {
    ///     tokens.refresh_token().is_some()
    /// }
    /// ```
    #[must_use]
    pub fn refresh_token(&self) -> Option<&str> {
        self.refresh_token.as_ref().map(ExposeSecret::expose_secret)
    }

    /// The lifetime of the access token. `None` if the provider sends none, or one that is not a
    /// number.
    ///
    /// ```
    /// use tower_phone_auth::provider::ProviderTokens;
    ///
    /// fn lasts_an_hour(tokens: &ProviderTokens) -> bool {
    ///     tokens.expires_in().is_some_and(|time| time.as_secs() >= 3600)
    /// }
    /// ```
    #[must_use]
    pub fn expires_in(&self) -> Option<Duration> {
        self.expires_in
    }

    /// The lifetime of the refresh token. Only Kakao sends it.
    ///
    /// ```
    /// use tower_phone_auth::provider::ProviderTokens;
    ///
    /// fn days(tokens: &ProviderTokens) -> Option<u64> {
    ///     tokens.refresh_token_expires_in().map(|time| time.as_secs() / 86_400)
    /// }
    /// ```
    #[must_use]
    pub fn refresh_token_expires_in(&self) -> Option<Duration> {
        self.refresh_token_expires_in
    }

    /// The granted scopes, separated by spaces. `None` means that the provider does not say.
    ///
    /// ```
    /// use tower_phone_auth::provider::ProviderTokens;
    ///
    /// fn has_email(tokens: &ProviderTokens) -> bool {
    ///     tokens.scope().is_some_and(|scope| scope.split(' ').any(|item| item == "email"))
    /// }
    /// ```
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }
}

/// Shows lifetime and scope, and no token.
impl fmt::Debug for ProviderTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderTokens")
            .field("expires_in", &self.expires_in)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
