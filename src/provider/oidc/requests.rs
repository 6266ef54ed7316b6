//! What is sent to the provider: scopes, parameters and the proof of the client.

use super::Oidc;
use crate::provider::ClientAuth;

impl Oidc {
    /// The scopes to ask for, exactly these. Default: `openid` and the [phone's](Self::phone_scope).
    ///
    /// A provider may refuse a whole request because of one scope that it does not know, or that this client may not ask for
    /// ([RFC 6749 section 3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)); Dex, for example, knows no `phone`. A
    /// scope that the metadata do not list is named in the log once (WARN), and asked for all the same.
    /// [`scope`](Self::scope) afterwards adds one. The list must have `openid`: without it, there is no ID token.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let dex = Oidc::new("https://dex.example.com", "client-id", "secret").scopes(["openid", "profile"]);
    /// ```
    #[must_use]
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self.exact_scopes = true;
        self
    }

    /// One more scope to ask for, such as `profile` or `email`. Default: see [`scopes`](Self::scopes).
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// The scope that stands for the phone number. Default: `phone`
    /// ([Core section 5.4](https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims)). It is asked for too, unless
    /// [`scopes`](Self::scopes) lists the scopes; `""` is no scope.
    #[must_use]
    pub fn phone_scope(mut self, scope: impl Into<String>) -> Self {
        self.phone_scope = scope.into();
        self
    }

    /// Sends the client secret in the body. Default: as the provider announces, Basic if it
    /// takes both ([RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
    ///
    /// The metadata describe the server, and a client may be registered for one method alone. With neither this setting nor
    /// [`client_secret_basic`](Self::client_secret_basic), and both methods announced or none, the other method is tried once
    /// after an answer that refuses the client: `invalid_client`, or `invalid_request` about the client's own parameters. The
    /// method that was accepted is used from then on, in this process, and named in the log (WARN). A code is sent twice at
    /// most.
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
    /// registered, or `""` to send none, where one key is registered. Its assertions are for the issuer (`aud`), as
    /// [draft-ietf-oauth-rfc7523bis](https://datatracker.ietf.org/doc/draft-ietf-oauth-rfc7523bis/) has it; see
    /// [`assertion_for_token_endpoint`](Self::assertion_for_token_endpoint) for a server that wants its endpoint there.
    #[must_use]
    pub fn private_key_jwt(mut self, key_id: impl Into<String>, pem: impl Into<String>) -> Self {
        self.private_key = Some((key_id.into(), pem.into().into()));
        // RFC 6749 section 2.3: not more than one method in a request.
        self.client_secret = None;
        self.client_auth = None;
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

    /// Whether the number is asked for by the parameter `claims` as well
    /// ([Core section 5.5](https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter)). Default: where the metadata
    /// say that it is understood, and no scope that they list stands for the number already.
    ///
    /// It names userinfo, or the ID token where there is no userinfo. `true` at a provider that does not announce it refuses
    /// sign-ins as [`Misconfigured`](crate::LoginErrorKind::Misconfigured), with the code `claims_parameter_supported`.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let oidc = Oidc::new("https://id.example.com", "client-id", "secret").claims_parameter(false);
    /// ```
    #[must_use]
    pub fn claims_parameter(mut self, on: bool) -> Self {
        self.claims_parameter = Some(on);
        self
    }

    /// Whether authorization requests are pushed ([RFC 9126](https://www.rfc-editor.org/rfc/rfc9126)). Default: where the
    /// metadata require it of every client.
    ///
    /// A provider may require it of one client, which no metadata say (section 6); Keycloak then answers `invalid_request` to
    /// the browser. `true` at a provider without an endpoint for it refuses sign-ins as
    /// [`Misconfigured`](crate::LoginErrorKind::Misconfigured), with the code `pushed_authorization_request_endpoint`.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let oidc = Oidc::new("https://id.example.com", "client-id", "secret").pushed_requests(true);
    /// ```
    #[must_use]
    pub fn pushed_requests(mut self, on: bool) -> Self {
        self.pushed_requests = Some(on);
        self
    }

    /// Leaves PKCE out. Default: on. Only for a provider that refuses it.
    #[must_use]
    pub fn without_pkce(mut self) -> Self {
        self.pkce = false;
        self
    }
}
