//! The setting `authorize_with` of each provider.

use super::{custom::CustomProvider, google::Google, kakao::Kakao, naver::Naver, oidc::Oidc};

impl Oidc {
    /// One more parameter of every authorization request, such as `ui_locales` or `acr_values`
    /// ([Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)).
    /// Default: none.
    ///
    /// [`Builder::build`](crate::Builder::build) refuses the protocol's own parameters:
    /// `client_id`, `redirect_uri`, `response_type`, `response_mode`, `scope`, `state`, `nonce`,
    /// `code_challenge`, `code_challenge_method`, `claims`, `max_age`, `request` and `request_uri`.
    /// It also refuses secrets, repeated names (except `resource`), names that are empty or longer
    /// than 64 characters, and values of more than 1,024 bytes or with control characters.
    ///
    /// A `prompt` is merged with the layer's own, if a sign-in has one. For example,
    /// `select_account` becomes `login select_account` for a route that requires a fresh sign-in.
    /// `none` is left out of such a request, and also after the provider answered that it must show
    /// a page. The hint of a link (`/auth/login?login_hint=`) replaces a `login_hint`. At Naver
    /// ([`Oidc::naver`]), the layer's own `auth_type` replaces one that is set here.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let oidc = Oidc::new("https://id.example.com", "client-id", "secret")
    ///     .authorize_with("ui_locales", "ko")
    ///     .authorize_with("acr_values", "2");
    /// ```
    #[must_use]
    pub fn authorize_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.registration.parameters.push(name, value);
        self
    }
}

impl Kakao {
    /// One more parameter of every authorization request, such as `service_terms`
    /// (<https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#request-code>). Default:
    /// none. [`Oidc::authorize_with`] lists the refused names. The layer's own `prompt` replaces
    /// one that is set here, for example `prompt=login` for a route that requires a fresh sign-in.
    ///
    /// ```
    /// # use tower_phone_auth::Kakao;
    /// let kakao = Kakao::new("key", "secret").authorize_with("prompt", "select_account");
    /// ```
    #[must_use]
    pub fn authorize_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.registration.parameters.push(name, value);
        self
    }
}

impl Naver {
    /// One more parameter of every authorization request
    /// (<https://developers.naver.com/docs/login/api/api.md>). Default: none.
    /// [`Oidc::authorize_with`] lists the refused names. The layer's own `auth_type` replaces one
    /// that is set here.
    ///
    /// ```
    /// # use tower_phone_auth::Naver;
    /// let naver = Naver::new("id", "secret").authorize_with("locale", "ko_KR");
    /// ```
    #[must_use]
    pub fn authorize_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.registration.parameters.push(name, value);
        self
    }
}

impl Google {
    /// One more parameter of every authorization request, such as `hd` or `access_type`
    /// (<https://developers.google.com/identity/openid-connect/openid-connect#authenticationuriparameters>).
    /// Default: none. [`Oidc::authorize_with`] lists the refused names, and says how a `prompt` is
    /// merged.
    ///
    /// ```
    /// # use tower_phone_auth::Google;
    /// let google = Google::new("id", "secret").authorize_with("hd", "example.com");
    /// ```
    #[must_use]
    pub fn authorize_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.registration.parameters.push(name, value);
        self
    }
}

impl CustomProvider {
    /// One more parameter of every authorization request. Default: none. [`Oidc::authorize_with`]
    /// lists the refused names, and says how a `prompt` is merged. In a request that has a
    /// parameter of [`ask_again_with`](Self::ask_again_with) or [`fresh_with`](Self::fresh_with),
    /// that parameter replaces one of the same name.
    ///
    /// ```
    /// # use tower_phone_auth::{provider::ReadProfile, CustomProvider};
    /// # fn club(club: impl ReadProfile) -> CustomProvider {
    /// CustomProvider::new("club", "client-id", "client-secret", club)
    ///     .endpoints("https://club.example/authorize", "https://club.example/token")
    ///     .authorize_with("ui_locales", "ko")
    /// # }
    /// ```
    #[must_use]
    pub fn authorize_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.registration.parameters.push(name, value);
        self
    }
}
