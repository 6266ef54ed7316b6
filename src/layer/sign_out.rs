//! The settings of signing out.

use super::Builder;

impl Builder {
    /// The page to which a browser goes after `POST /auth/logout`, in place of the layer's own
    /// page: a path of this origin, or a URL with https, also of another site (on a loopback
    /// [`public_url`](Self::public_url), http on loopback too). At most 1,500 bytes. Default: the
    /// layer's page. Its first link leads back to the page before, or to the start page if only
    /// that is [public](Self::public).
    ///
    /// A path of this origin must be public, because a protected page would start a sign-in at
    /// once, and the provider may still have a session of the user. A page of this origin that the
    /// layer does not cover must be listed in `public` as well.
    ///
    /// A form of the application may name another page for one sign-out, by `return_to`, as in
    /// `POST /auth/logout?return_to=/goodbye`. It must be a public page of this origin. For any
    /// other value, this setting holds.
    ///
    /// The setting also holds for a sign-out everywhere, and after the provider's own sign-out. It
    /// does not hold for scripts, which get 204, nor for a sign-out that not all replicas know yet,
    /// which shows the layer's page, nor for a sign-out at the provider that leads on to another
    /// account. A page of the application whose own `Content-Security-Policy` has `form-action`
    /// must list another site's origin there, because browsers apply it to redirects ([CSP Level 3
    /// section 6.4.3](https://www.w3.org/TR/CSP3/#directive-form-action)).
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let builder = |place: &str| OAuthLayer::builder()
    ///     .public_url("https://shop.example.com")
    ///     .session_key(SessionKey::random())
    ///     .provider(Kakao::new("key", "secret"))
    ///     .public(["/goodbye"])
    ///     .after_sign_out(place);
    /// assert!(builder("/goodbye?from=shop").build().is_ok());
    /// assert!(builder("https://www.example.com/").build().is_ok());
    /// let error = builder("/orders").build().unwrap_err();
    /// assert!(error.to_string().contains("list \"/orders\" in public"));
    /// ```
    pub fn after_sign_out(mut self, place: impl Into<String>) -> Self {
        self.settings.after_sign_out = Some(place.into());
        self
    }
}
