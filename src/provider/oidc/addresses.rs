//! Settings for the addresses at which this server reaches the provider.

use super::Oidc;

impl Oidc {
    /// Lets the metadata name endpoints on internal networks at any host. Default: off. Without
    /// this setting, an endpoint that this server calls at a host other than the issuer's must not
    /// resolve to a loopback, link-local or unspecified address. A private address is accepted only
    /// if the issuer itself has one, and a loopback address only if the issuer is on loopback.
    ///
    /// The provider writes the metadata. Without the check, a compromised provider could point this
    /// server at itself, at its internal network or at `169.254.169.254`, and would have the client
    /// secret posted there. Literal addresses are checked in every notation when the metadata are
    /// read. Host names are checked at each connection by the default client. A [client of your
    /// own](crate::Builder::http_client) must check them itself; behind a proxy, the proxy resolves
    /// them.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let oidc = Oidc::new("https://id.example.com", "client-id", "secret").allow_internal_endpoints();
    /// ```
    #[must_use]
    pub fn allow_internal_endpoints(mut self) -> Self {
        self.internal_endpoints = true;
        self
    }

    /// The address at which this server reaches the provider, if it differs from the issuer. The
    /// metadata are read there. The endpoints that this server calls (token, keys, userinfo, pushed
    /// requests, revocation) are called at that origin with their paths unchanged. Default: the
    /// issuer.
    ///
    /// The issuer stays the address that browsers see. The metadata must still state it exactly,
    /// and the pages for browsers (authorization, sign-out) stay at the issuer's origin. Use this
    /// setting if a container, or a server behind the proxy, reaches the provider under another
    /// name. Keycloak with `hostname` is an example, with or without
    /// `hostname-backchannel-dynamic`.
    ///
    /// An address without `/.well-known/` in its path stands for the issuer, and
    /// `/.well-known/openid-configuration` is appended to it. The address must be https, or http on
    /// loopback; see [`allow_insecure_http`](Self::allow_insecure_http). A loopback address needs a
    /// [`public_url`](crate::Builder::public_url) on loopback, like a loopback issuer.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let oidc = Oidc::new("https://id.example.com/realms/shop", "client-id", "secret")
    ///     .discovery_url("https://keycloak.internal:8443/realms/shop");
    /// ```
    #[must_use]
    pub fn discovery_url(mut self, url: impl Into<String>) -> Self {
        self.discovery_url = Some(url.into());
        self
    }

    /// Permits plain http to a provider on a private network, for development: at private
    /// addresses, at names without a dot, and at names that end in `.internal` or `.local`.
    /// Default: off, so that https is required except on loopback.
    ///
    /// Any machine on that network can then read the client secret and sign in as any user. The
    /// layer logs a warning when it is built.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let oidc = Oidc::new("http://keycloak:8080/realms/shop", "client-id", "secret").allow_insecure_http();
    /// ```
    #[must_use]
    pub fn allow_insecure_http(mut self) -> Self {
        self.insecure_http = true;
        self
    }
}
