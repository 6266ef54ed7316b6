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
}
