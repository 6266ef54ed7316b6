//! `authorize_with`: the same setting at every provider.

use super::{custom::CustomProvider, google::Google, kakao::Kakao, naver::Naver, oidc::Oidc};

impl Oidc {
    /// One more parameter of every authorization request, such as `ui_locales`, `acr_values` or Keycloak's `kc_idp_hint`
    /// ([Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)). Default: none.
    ///
    /// [`Builder::build`](crate::Builder::build) refuses the parameters of the protocol itself: `client_id`, `redirect_uri`,
    /// `response_type`, `response_mode`, `scope`, `state`, `nonce`, `code_challenge`, `code_challenge_method`, `claims`,
    /// `max_age`, `request` and `request_uri`; secrets too, a name given twice (except `resource`), names that are empty or
    /// longer than 64 characters, and values of more than 1,024 bytes or with control characters.
    ///
    /// A `prompt` is sent together with the layer's own, where a sign-in has one: `select_account` becomes
    /// `login select_account` for a route that wants a fresh sign-in. `none` is left out then, and also once the provider
    /// answered that it must show a page. A `login_hint` gives way to that of the link, `/auth/login?login_hint=`.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let oidc = Oidc::new("https://id.example.com", "client-id", "secret")
    ///     .authorize_with("ui_locales", "ko")
    ///     .authorize_with("acr_values", "2");
    /// ```
    #[must_use]
    pub fn authorize_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push(name, value);
        self
    }
}

impl Kakao {
    /// One more parameter of every authorization request, such as `service_terms`
    /// (<https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#request-code>). Default: none. The names that are
    /// refused are those of [`Oidc::authorize_with`]; a `prompt` gives way to the layer's own `login` where a route wants a
    /// fresh sign-in.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").authorize_with("prompt", "select_account");
    /// ```
    #[must_use]
    pub fn authorize_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push(name, value);
        self
    }
}

impl Naver {
    /// One more parameter of every authorization request
    /// (<https://developers.naver.com/docs/login/api/api.md>). Default: none. The names that are refused are those of
    /// [`Oidc::authorize_with`]; an `auth_type` gives way to the layer's own where a sign-in has one.
    ///
    /// ```
    /// # use tower_phone_auth::Naver;
    /// let naver = Naver::new("id", "secret").authorize_with("locale", "ko_KR");
    /// ```
    #[must_use]
    pub fn authorize_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push(name, value);
        self
    }
}

impl Google {
    /// One more parameter of every authorization request, such as `hd` or `access_type`
    /// (<https://developers.google.com/identity/openid-connect/openid-connect#authenticationuriparameters>). Default: none.
    /// The names that are refused, and the meaning of a `prompt`, are those of [`Oidc::authorize_with`].
    ///
    /// ```
    /// # use tower_phone_auth::Google;
    /// let google = Google::new("id", "secret").authorize_with("hd", "example.com");
    /// ```
    #[must_use]
    pub fn authorize_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push(name, value);
        self
    }
}

impl CustomProvider {
    /// One more parameter of every authorization request. Default: none. The names that are refused, and the meaning of a
    /// `prompt`, are those of [`Oidc::authorize_with`]; a name of [`ask_again_with`](Self::ask_again_with) or
    /// [`fresh_with`](Self::fresh_with) gives way to it where it is sent.
    ///
    /// ```
    /// # use tower_phone_auth::{CustomProvider, ReadProfile};
    /// # fn club(club: impl ReadProfile) -> CustomProvider {
    /// CustomProvider::new("club", "client-id", "client-secret", club)
    ///     .endpoints("https://club.example/authorize", "https://club.example/token")
    ///     .authorize_with("ui_locales", "ko")
    /// # }
    /// ```
    #[must_use]
    pub fn authorize_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push(name, value);
        self
    }
}
