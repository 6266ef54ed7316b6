//! At which addresses the provider is reached.

use super::Oidc;

impl Oidc {
    /// Lets the metadata name endpoints of inner networks at any host. Default: an endpoint that this server calls, at
    /// another host than the issuer, may not lead to a loopback, link-local or unspecified address, and to a private one only if
    /// the issuer has a private address itself (loopback: only if the issuer is on loopback).
    ///
    /// The metadata are the provider's word: without the check, a provider that was taken over points this server at itself, at the
    /// network behind it or at `169.254.169.254`, and the client secret is posted there. Addresses are judged when the
    /// metadata are read, in every spelling. Names are judged at each connection, by the default client; a
    /// [client of your own](crate::Builder::http_client) judges them itself, and behind a proxy the proxy resolves them.
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

    /// Another address of the provider, for this server: the metadata are read there, and its endpoints for servers (tokens,
    /// keys, userinfo, pushed requests, revocation) are taken at that origin, paths unchanged. Default: the issuer.
    ///
    /// The issuer stays the address that browsers see, and the metadata must still name it to the letter; the pages for
    /// browsers (authorization, sign-out) are taken at the issuer's origin. So it serves where a container or a server behind
    /// the proxy reaches the provider under another name: Keycloak with `hostname`, with or without
    /// `hostname-backchannel-dynamic`.
    ///
    /// An address without `/.well-known/` in its path stands for the issuer, and `/.well-known/openid-configuration` is
    /// appended. It must be https, or http on loopback; see [`allow_insecure_http`](Self::allow_insecure_http). One on
    /// loopback is for a [`public_url`](crate::Builder::public_url) on loopback, like a loopback issuer.
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

    /// Permits plain http to a provider on a private network, for development: at private addresses, names without a dot, and
    /// names that end in `.internal` or `.local`. Default: https, or http on loopback.
    ///
    /// Any machine on that network can then read the client secret and sign in as any user. The log says so (WARN) when the
    /// layer is built.
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
