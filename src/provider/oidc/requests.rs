//! What is sent to the provider: scopes, parameters and the proof of the client.

use super::{super::ClientAuth, Oidc};

impl Oidc {
    /// One more scope to ask for, such as `profile` or `email`. Default: `openid` and the phone's.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// The scope that stands for the phone number. Default: `phone`
    /// ([Core section 5.4](https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims)).
    #[must_use]
    pub fn phone_scope(mut self, scope: impl Into<String>) -> Self {
        self.phone_scope = scope.into();
        self
    }

    /// Sends the client secret in the body. Default: as the provider announces, Basic if it
    /// takes both ([RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
    #[must_use]
    pub fn client_secret_post(mut self) -> Self {
        self.client_auth = Some(ClientAuth::Body);
        self
    }

    /// Sends the client secret as Basic. Default: see [`client_secret_post`](Self::client_secret_post).
    #[must_use]
    pub fn client_secret_basic(mut self) -> Self {
        self.client_auth = Some(ClientAuth::Basic);
        self
    }

    /// Proves the client with a private key instead of a secret: `private_key_jwt`
    /// ([Core section 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication)).
    ///
    /// The key is RSA, P-256 or Ed25519 in PKCS #8 PEM; `key_id` is the `kid` under which its public half is
    /// registered. Its assertions are for the issuer (`aud`), as
    /// [draft-ietf-oauth-rfc7523bis](https://datatracker.ietf.org/doc/draft-ietf-oauth-rfc7523bis/) has it; see
    /// [`assertion_for_token_endpoint`](Self::assertion_for_token_endpoint) for a server that wants its endpoint there.
    #[must_use]
    pub fn private_key_jwt(mut self, key_id: impl Into<String>, pem: impl Into<String>) -> Self {
        self.private_key = Some((key_id.into(), pem.into().into()));
        // RFC 6749 section 2.3: not more than one method in a request.
        self.client_secret = None;
        self
    }

    /// Makes the assertions of [`private_key_jwt`](Self::private_key_jwt) for the token endpoint, as
    /// [RFC 7523 section 3](https://www.rfc-editor.org/rfc/rfc7523#section-3) suggested it. Default: they are for the issuer.
    ///
    /// Only for an old server that refuses its issuer there with `invalid_client`, and only with a key that no other
    /// provider knows: the metadata of a hostile provider may name the token endpoint of an honest one, and the hostile one
    /// then receives an assertion that the honest one accepts.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// # fn example(pem: String) -> Oidc {
    /// Oidc::without_secret("https://id.example.com", "client-id")
    ///     .private_key_jwt("app", pem)
    ///     .assertion_for_token_endpoint()
    /// # }
    /// ```
    #[must_use]
    pub fn assertion_for_token_endpoint(mut self) -> Self {
        self.assertion_names_endpoint = true;
        self
    }

    /// Leaves PKCE out. Default: on. Only for a provider that refuses it.
    #[must_use]
    pub fn without_pkce(mut self) -> Self {
        self.pkce = false;
        self
    }
}
