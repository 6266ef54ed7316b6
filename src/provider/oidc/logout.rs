//! Sign-out here and at the provider.

use super::Oidc;

impl Oidc {
    /// Signs people out at the provider as well, when they sign out here: a page's `POST /auth/logout` leads to the
    /// `end_session_endpoint` ([RP-Initiated Logout 1.0](https://openid.net/specs/openid-connect-rpinitiated-1_0.html)), with
    /// the session's ID token as `id_token_hint`. Default: off, people stay signed in there.
    ///
    /// Register `{public_url}/auth/logout/done` as a `post_logout_redirect_uri`. The session here ends before. The ID token
    /// waits in a sealed cookie of its own, which is sent to `/auth/logout` alone; one too long for a cookie is left out. A
    /// page of yours with a `form-action` in its Content-Security-Policy must let the provider's origin through.
    #[must_use]
    pub fn logout_at_provider(mut self) -> Self {
        self.logs_out = true;
        self
    }

    /// Lets a user choose another account by `prompt=select_account` ([Core section
    /// 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)), and never by the provider's sign-out. Default:
    /// off. A page that refuses an account has a link for another one; it ends the session at the provider
    /// (`end_session_endpoint`, where the metadata name one), since a provider that knows the user would sign the same account in
    /// again.
    ///
    /// For providers that show a choice of accounts, and where users should stay signed in to other applications.
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

    /// A logout token with `sub` ends all sessions of its user here, also when it names one of them with `sid`. Default: off,
    /// such a token ends the sessions of that `sid`, and those of the user that know no `sid`
    /// ([Back-Channel Logout 1.0 section 2.4](https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken)).
    ///
    /// For providers that name one session and mean the user. Keycloak is one: where an administrator signs a user out, it
    /// sends one token with the `sid` of one of the sessions, and the others would live on here. The price is that a user's
    /// own sign-out at the provider in one browser ends the sessions in all browsers.
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
