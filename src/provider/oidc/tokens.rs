//! Which ID tokens, logout tokens and signed profiles are accepted.

use super::Oidc;

impl Oidc {
    /// Accepts ID tokens that are for this audience as well, such as a project or an API. Default: none.
    ///
    /// An ID token whose `azp` is this client was made for it, so that further audiences need no setting. A token that names
    /// further audiences and no `azp` is refused unless each of them is named here
    /// ([Core section 3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation), step 3). A token of
    /// which another client is the `azp` is always refused.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let oidc = Oidc::new("https://id.example.com", "client-id", "client-secret").trust_audience("https://api.example.com");
    /// ```
    #[must_use]
    pub fn trust_audience(mut self, audience: impl Into<String>) -> Self {
        self.trusted_audiences.push(audience.into());
        self
    }
}
