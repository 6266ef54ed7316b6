//! Settings for sign-out here and at the provider.

use super::Oidc;

impl Oidc {
    /// Signs users out at the provider as well when they sign out here. `POST /auth/logout` from a
    /// page then leads to the `end_session_endpoint` ([RP-Initiated Logout
    /// 1.0](https://openid.net/specs/openid-connect-rpinitiated-1_0.html)), with the session's ID
    /// token as `id_token_hint`. Default: off, users stay signed in at the provider.
    ///
    /// Register `{public_url}/auth/logout/done` as a `post_logout_redirect_uri`. The session here
    /// ends first. The ID token is stored in a sealed cookie of its own, which the browser sends to
    /// `/auth/logout` only. A token that is too long for a cookie is left out. If one of your pages
    /// has a `form-action` in its Content-Security-Policy, allow the provider's origin there.
    ///
    /// ```
    /// use tower_phone_auth::Oidc;
    ///
    /// let oidc = Oidc::new("https://login.example.com", "client-id", "client-secret")
    ///     .logout_at_provider();
    /// ```
    #[must_use]
    pub fn logout_at_provider(mut self) -> Self {
        self.logs_out = true;
        self
    }

    /// Lets a user choose another account by `prompt=select_account` ([Core section
    /// 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)) instead of the
    /// provider's sign-out. Default: off. The page that refuses an account has a link for another
    /// one. By default that link ends the session at the provider (`end_session_endpoint`, if the
    /// metadata name one), because the provider would otherwise sign the same account in again.
    ///
    /// This setting is for providers that show a choice of accounts, and for users who should stay
    /// signed in to other applications.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let entra = Oidc::new("https://login.example.com/tenant/v2.0", "client-id", "client-secret")
    ///     .another_account_by_prompt();
    /// ```
    #[must_use]
    pub fn another_account_by_prompt(mut self) -> Self {
        self.another_account_by_prompt = true;
        self
    }

    /// Makes a logout token with `sub` end all sessions of its user here, even if it names one of
    /// them with `sid`. Default: off. Such a token ends the sessions with that `sid`, and the
    /// user's sessions without a `sid` ([Back-Channel Logout 1.0 section
    /// 2.4](https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken)).
    ///
    /// This setting is for providers that name one session and mean the user. Keycloak does so.
    /// When an administrator signs a user out, Keycloak sends one token with the `sid` of one
    /// session, and the user's other sessions here would live on. The price is that a user who
    /// signs out at the provider in one browser is then signed out in all browsers.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let keycloak = Oidc::keycloak("https://id.example.com/realms/shop", "client-id", "client-secret")
    ///     .logout_tokens_end_all_sessions();
    /// ```
    #[must_use]
    pub fn logout_tokens_end_all_sessions(mut self) -> Self {
        self.logout_tokens_end_all = true;
        self
    }
}
