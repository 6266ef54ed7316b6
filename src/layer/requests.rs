//! The settings of requests: which need a login, and how they reach the application.

use super::Builder;

impl Builder {
    /// Paths where nobody is asked to sign in: exact, or with `{name}` for one segment and `{*rest}` for
    /// all that follows; with a method before it, as in `"GET /prices"`, for that method alone. Default: none,
    /// everything is protected.
    ///
    /// Whoever is signed in all the same is in the extensions there too: a handler takes
    /// `Option<VerifiedUser>`, and there is no other setting for paths where a login is optional.
    ///
    /// A path counts as public only in its plain spelling: percent-encoded letters, dots or slashes, dot
    /// segments and empty segments make it a protected one.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().public(["/healthz", "/assets/{*rest}", "GET /prices"]);
    /// ```
    pub fn public<P: Into<String>>(mut self, patterns: impl IntoIterator<Item = P>) -> Self {
        self.public.extend(patterns.into_iter().map(Into::into));
        self
    }

    /// Other origins whose pages call this application: they may read a 401 and its `login_url`. Default: none.
    /// What else they may do is for the application's own CORS layer, which preflights reach.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().cors_origins(["https://app.example.com"]);
    /// ```
    pub fn cors_origins<O: Into<String>>(mut self, origins: impl IntoIterator<Item = O>) -> Self {
        self.cors_origins
            .extend(origins.into_iter().map(Into::into));
        self
    }

    /// Takes the layer's cookies out of requests before the wrapped service sees them: for a gateway, whose upstream
    /// has no business with them. Default: they stay.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().strip_cookies();
    /// ```
    pub fn strip_cookies(mut self) -> Self {
        self.strips_cookies = true;
        self
    }
}
