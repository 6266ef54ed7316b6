//! The settings that only Kakao has.

use super::Kakao;

impl Kakao {
    /// One more consent item of every sign-in, such as `account_email`. Default: none, so that
    /// Kakao asks for the items of the console. A sign-in with an item that the console does not
    /// list ends at Kakao's page KOE205.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").scope("account_email");
    /// ```
    #[must_use]
    pub fn scope(mut self, item: impl Into<String>) -> Self {
        self.scopes.push(item.into());
        self
    }

    /// Leaves PKCE ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)) out. Default: PKCE is used,
    /// because Kakao's discovery document announces S256. Leave it out only for a gateway in
    /// between that refuses it.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").without_pkce();
    /// ```
    #[must_use]
    pub fn without_pkce(mut self) -> Self {
        self.pkce = false;
        self
    }

    /// The app's primary admin key, which Kakao's unlink webhook (연결 해제 웹훅) carries. Default: none,
    /// and the webhook is refused.
    ///
    /// Register `{public_url}/auth/events/kakao` as its URL, GET or POST. The key is the only proof
    /// that the webhook comes from Kakao. Security events are signed and need no setting.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").admin_key("primary-admin-key");
    /// ```
    #[must_use]
    pub fn admin_key(mut self, key: impl Into<String>) -> Self {
        self.admin_key = Some(key.into().into());
        self
    }

    /// Declares that OpenID Connect is on in the console (OpenID Connect 활성화), so that Kakao proves
    /// fresh sign-ins for [`RequireUser::max_age`](crate::layer::RequireUser::max_age). Default:
    /// OpenID Connect counts as on after the first sign-in with an ID token, in each process anew.
    ///
    /// Kakao then sends an ID token with every sign-in, except after a second request for consent
    /// that does not ask for `openid`. With this setting, such a request asks for `openid` as well,
    /// even before the process has seen an ID token. If OpenID Connect is off in the console, that
    /// request ends at Kakao's page KOE205.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").openid_connect();
    /// ```
    #[must_use]
    pub fn openid_connect(mut self) -> Self {
        self.openid_connect = true;
        self
    }

    /// Signs users out of their Kakao account as well when they sign out here. `POST /auth/logout`
    /// from a page then leads to Kakao's own logout page
    /// (<https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#logout-of-service-and-kakaoaccount>).
    /// Default: off, users stay signed in at Kakao.
    ///
    /// Register `{public_url}/auth/logout/done` as logout redirect URI, or Kakao shows its page
    /// KOE007. The session here ends first. If one of your pages has a `form-action` in its
    /// Content-Security-Policy, allow `https://kauth.kakao.com` there.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").logout_at_provider();
    /// ```
    #[must_use]
    pub fn logout_at_provider(mut self) -> Self {
        self.logs_out = true;
        self
    }
}
