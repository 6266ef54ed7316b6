//! Settings for the requests to the provider: scopes, parameters and client authentication.

use super::Oidc;
use crate::provider::ClientAuth;

impl Oidc {
    /// The exact scopes of the request. Default: `openid` and the [phone's](Self::phone_scope).
    ///
    /// A provider may refuse the whole request because of one scope that it does not know or does
    /// not allow this client ([RFC 6749 section
    /// 3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)). Dex, for example, has no `phone`.
    /// A scope that the metadata do not list is requested, and logged once as a warning.
    /// [`scope`](Self::scope) afterwards adds another one. The list must contain `openid`, because
    /// the provider sends no ID token without it.
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

    /// One more scope, such as `profile` or `email`. Default: see [`scopes`](Self::scopes).
    ///
    /// ```
    /// use tower_phone_auth::Oidc;
    ///
    /// let oidc = Oidc::new("https://login.example.com", "client-id", "client-secret")
    ///     .scope("profile");
    /// ```
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// The scope that stands for the phone number. Default: `phone` ([Core section
    /// 5.4](https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims)). It is added to the
    /// request, unless [`scopes`](Self::scopes) lists the scopes. `""` means none.
    ///
    /// ```
    /// use tower_phone_auth::Oidc;
    ///
    /// let oidc = Oidc::new("https://login.example.com", "client-id", "client-secret")
    ///     .phone_scope("phone_number");
    /// ```
    #[must_use]
    pub fn phone_scope(mut self, scope: impl Into<String>) -> Self {
        self.phone_scope = scope.into();
        self
    }

    /// Sends the client secret in the body. Default: the method that the provider announces, and
    /// Basic if it announces both ([RFC 6749 section
    /// 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
    ///
    /// The metadata describe the server, but a client may be registered for one method alone.
    /// Without this setting and [`client_secret_basic`](Self::client_secret_basic), and if both
    /// methods are announced or none, the other method is tried once after an answer that refuses
    /// the client: `invalid_client`, or `invalid_request` about the client's own parameters. The
    /// accepted method is used for the rest of the process and logged as a warning. A code is sent
    /// twice at most.
    ///
    /// ```
    /// use tower_phone_auth::Oidc;
    ///
    /// let oidc = Oidc::new("https://login.example.com", "client-id", "client-secret")
    ///     .client_secret_post();
    /// ```
    #[must_use]
    pub fn client_secret_post(mut self) -> Self {
        self.client_auth = Some(ClientAuth::Body);
        self
    }

    /// Sends the client secret as Basic. Default: see
    /// [`client_secret_post`](Self::client_secret_post).
    ///
    /// ```
    /// use tower_phone_auth::Oidc;
    ///
    /// let oidc = Oidc::new("https://login.example.com", "client-id", "client-secret")
    ///     .client_secret_basic();
    /// ```
    #[must_use]
    pub fn client_secret_basic(mut self) -> Self {
        self.client_auth = Some(ClientAuth::Basic);
        self
    }

    /// Authenticates the client with a private key instead of a secret: `private_key_jwt` ([Core
    /// section 9](https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication)).
    ///
    /// The key is RSA, P-256 or Ed25519 in PKCS #8 PEM. `key_id` is the `kid` under which its
    /// public half is registered; `""` sends none, which is enough if one key is registered. The
    /// audience of its assertions is the issuer, as
    /// [draft-ietf-oauth-rfc7523bis](https://datatracker.ietf.org/doc/draft-ietf-oauth-rfc7523bis/)
    /// has it; see [`assertion_for_token_endpoint`](Self::assertion_for_token_endpoint) for a
    /// server that requires its endpoint.
    ///
    /// ```no_run
    /// use tower_phone_auth::Oidc;
    ///
    /// let pem = std::fs::read_to_string("/run/secrets/client.pem")?;
    /// let oidc = Oidc::without_secret("https://login.example.com", "client-id")
    ///     .private_key_jwt("key-1", pem);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn private_key_jwt(mut self, key_id: impl Into<String>, pem: impl Into<String>) -> Self {
        self.private_key = Some((key_id.into(), pem.into().into()));
        // RFC 6749 section 2.3 allows one method in a request.
        self.registration.client_secret = None;
        self.client_auth = None;
        self
    }

    /// Makes the token endpoint the audience of the assertions of
    /// [`private_key_jwt`](Self::private_key_jwt), as [RFC 7523 section
    /// 3](https://www.rfc-editor.org/rfc/rfc7523#section-3) suggests. Default: the issuer.
    ///
    /// Only for an old server that refuses its issuer with `invalid_client`, and only with a key
    /// that no other provider knows. Otherwise a hostile provider could name the token endpoint of
    /// an honest one in its metadata, and would receive an assertion that the honest one accepts.
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

    /// Whether the parameter `claims` also requests the number ([Core section
    /// 5.5](https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter)). Default: only
    /// if the metadata announce support for it and list no scope for the number.
    ///
    /// It requests the number in userinfo, or in the ID token if there is no userinfo. With `true`
    /// at a provider that does not announce support, sign-ins are refused as
    /// [`Misconfigured`](crate::error::LoginErrorKind::Misconfigured), with the code
    /// `claims_parameter_supported`.
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

    /// Whether authorization requests are pushed ([RFC
    /// 9126](https://www.rfc-editor.org/rfc/rfc9126)). Default: only if the metadata require it of
    /// every client.
    ///
    /// A provider may require it of a single client, which the metadata do not say (section 6);
    /// Keycloak then answers `invalid_request` to the browser. With `true` at a provider without
    /// the endpoint, sign-ins are refused as
    /// [`Misconfigured`](crate::error::LoginErrorKind::Misconfigured), with the code
    /// `pushed_authorization_request_endpoint`.
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

    /// Leaves PKCE ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)) out. Default: PKCE is used.
    /// Leave it out only for a provider that refuses PKCE.
    ///
    /// ```
    /// use tower_phone_auth::Oidc;
    ///
    /// let oidc = Oidc::new("https://login.example.com", "client-id", "client-secret")
    ///     .without_pkce();
    /// ```
    #[must_use]
    pub fn without_pkce(mut self) -> Self {
        self.pkce = false;
        self
    }
}
