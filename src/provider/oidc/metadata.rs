//! The provider's metadata (OpenID Connect Discovery 1.0, RFC 8414), read and checked.
//! `discovery.rs` caches them.

use serde_json::Value;
use url::Url;

use super::{algorithm::Algorithm, describe, origins::Origins, other_issuer};
use crate::{
    error::{LoginErrorKind, Mismatch, ProviderError},
    http_client::Names,
};

/// The checked metadata of a provider. Optional members are `None` if the document lacks them.
pub(super) struct Metadata {
    /// The browser opens it.
    pub(super) authorization_endpoint: Url,
    /// This server calls it with the client secret.
    pub(super) token_endpoint: Url,
    /// The address of the keys.
    pub(super) jwks_uri: Option<Url>,
    pub(super) userinfo_endpoint: Option<Url>,
    /// For pushed authorization requests (RFC 9126 section 5).
    pub(super) par_endpoint: Option<Url>,
    /// The sign-out page, which the browser opens.
    pub(super) end_session_endpoint: Option<Url>,
    pub(super) revocation_endpoint: Option<Url>,
    /// The provider refuses requests that are not pushed.
    pub(super) requires_par: bool,
    /// The parameter `claims` is supported (Core section 5.5).
    pub(super) supports_claims: bool,
    /// Callbacks have the parameter `iss` (RFC 9207 section 3).
    pub(super) sends_issuer: bool,
    /// ID tokens carry `sid` (Back-Channel Logout section 2.2).
    pub(super) names_sessions: bool,
    /// The secure ones of the announced algorithms. `None` if none is announced. An empty list
    /// means that all announced ones are refused.
    pub(super) id_token_algorithms: Option<Vec<Algorithm>>,
    pub(super) userinfo_algorithms: Option<Vec<Algorithm>>,
    /// The token endpoint as the metadata state it, for the audience of assertions.
    pub(super) token_endpoint_name: String,
    /// `token_endpoint_auth_methods_supported`.
    pub(super) auth_methods: Option<Vec<String>>,
    /// All announced algorithms, for the log.
    pub(super) algorithm_names: Option<Vec<String>>,
    pub(super) challenge_methods: Option<Vec<String>>,
    pub(super) response_types: Option<Vec<String>>,
    pub(super) response_modes: Option<Vec<String>>,
    pub(super) grant_types: Option<Vec<String>>,
    /// `scopes_supported`.
    pub(super) scopes: Option<Vec<String>>,
    /// `claims_supported`.
    pub(super) claims: Option<Vec<String>>,
}

impl Metadata {
    /// Reads a metadata document. Its issuer must equal the setting exactly (Discovery section
    /// 4.3), because a provider could otherwise speak for another one. Endpoints must be absolute,
    /// and https or http on loopback. Members that are not needed may have any type.
    pub(super) fn parse(document: &Value, origins: &Origins) -> Result<Self, ProviderError> {
        if document["issuer"] != origins.issuer.as_str() {
            other_issuer::warn(&origins.issuer, &document["issuer"]);
            return Err(wrong(
                "issuer",
                &origins.issuer,
                &describe::text(document.get("issuer")),
            ));
        }
        let members = Members { document, origins };
        let page = |name| members.page(name);
        let called = |name| members.called(name);
        let is_true = |name: &str| document[name] == true;
        let algorithms = |name: &str| algorithms(&document[name]);
        let texts = |name: &str| texts(&document[name]);
        let token_endpoint_name = document["token_endpoint"].as_str().unwrap_or_default();
        Ok(Self {
            authorization_endpoint: members.required("authorization_endpoint", page)?,
            token_endpoint: members.required("token_endpoint", called)?,
            jwks_uri: called("jwks_uri")?,
            userinfo_endpoint: called("userinfo_endpoint")?,
            par_endpoint: called("pushed_authorization_request_endpoint")?,
            // Sign-ins do not need these two, so a wrong value of them must not refuse a sign-in.
            end_session_endpoint: page("end_session_endpoint").ok().flatten(),
            revocation_endpoint: called("revocation_endpoint").ok().flatten(),
            requires_par: is_true("require_pushed_authorization_requests"),
            supports_claims: is_true("claims_parameter_supported"),
            sends_issuer: is_true("authorization_response_iss_parameter_supported"),
            names_sessions: is_true("backchannel_logout_session_supported"),
            id_token_algorithms: algorithms("id_token_signing_alg_values_supported"),
            userinfo_algorithms: algorithms("userinfo_signing_alg_values_supported"),
            auth_methods: texts("token_endpoint_auth_methods_supported"),
            algorithm_names: texts("id_token_signing_alg_values_supported"),
            challenge_methods: texts("code_challenge_methods_supported"),
            response_types: texts("response_types_supported"),
            response_modes: texts("response_modes_supported"),
            grant_types: texts("grant_types_supported"),
            scopes: texts("scopes_supported"),
            claims: texts("claims_supported"),
            token_endpoint_name: token_endpoint_name.to_owned(),
        })
    }

    /// Checks that the endpoints which this server calls do not lead into an internal network.
    /// Those that the browser opens are not checked, because this server sends nothing there.
    ///
    /// A wrong revocation endpoint is dropped instead, since sign-ins do not need it.
    pub(super) async fn check(mut self, names: &Names) -> Result<Self, ProviderError> {
        let called = [
            ("token_endpoint", Some(&self.token_endpoint)),
            ("jwks_uri", self.jwks_uri.as_ref()),
            ("userinfo_endpoint", self.userinfo_endpoint.as_ref()),
            (
                "pushed_authorization_request_endpoint",
                self.par_endpoint.as_ref(),
            ),
        ];
        for (name, endpoint) in called {
            if let Some(endpoint) = endpoint
                && !names.admits(endpoint).await
            {
                let host = endpoint.host_str().unwrap_or_default();
                return Err(wrong(name, "a host that this provider may have", host));
            }
        }
        if let Some(endpoint) = &self.revocation_endpoint
            && !names.admits(endpoint).await
        {
            self.revocation_endpoint = None;
        }
        Ok(self)
    }

    /// Whether `client_secret_basic` is announced. Without a list it counts as announced, because
    /// Discovery section 3 makes it the default.
    pub(super) fn takes_basic(&self) -> bool {
        self.takes("client_secret_basic")
    }

    /// Whether both methods of sending the secret are announced, or none. In both cases, the
    /// metadata do not say which one this client is registered for.
    pub(super) fn takes_either(&self) -> bool {
        self.takes("client_secret_basic") && self.takes("client_secret_post")
    }

    /// Whether an authentication method is announced. Without a list, every method counts as
    /// announced.
    fn takes(&self, method: &str) -> bool {
        let methods = self.auth_methods.as_ref();
        methods.is_none_or(|methods| methods.iter().any(|known| known == method))
    }

    /// Whether `scopes_supported` has this scope. `false` without a list.
    pub(super) fn lists_scope(&self, scope: &str) -> bool {
        let scopes = self.scopes.as_ref();
        scopes.is_some_and(|scopes| scopes.iter().any(|known| known == scope))
    }
}

/// The endpoints of a metadata document, each moved to the origin where it is used.
struct Members<'a> {
    document: &'a Value,
    origins: &'a Origins,
}

impl Members<'_> {
    /// An endpoint that this server calls, at the origin of `discovery_url` if that is set.
    fn called(&self, name: &'static str) -> Result<Option<Url>, ProviderError> {
        let endpoint = self.endpoint(name)?;
        Ok(endpoint.and_then(|url| self.origins.for_server(url)))
    }

    /// An endpoint that the browser opens, at the issuer's origin.
    fn page(&self, name: &'static str) -> Result<Option<Url>, ProviderError> {
        let endpoint = self.endpoint(name)?;
        Ok(endpoint.and_then(|url| self.origins.for_browser(url)))
    }

    /// An endpoint without which the metadata are unusable, read by `read`.
    fn required(
        &self,
        name: &'static str,
        read: impl Fn(&'static str) -> Result<Option<Url>, ProviderError>,
    ) -> Result<Url, ProviderError> {
        let found = describe::kind(self.document.get(name));
        read(name)?.ok_or_else(|| wrong(name, ENDPOINT, found))
    }

    /// An endpoint. An empty text, or a value that is not a text, counts as absent. An address
    /// whose scheme is not allowed is an error.
    fn endpoint(&self, name: &'static str) -> Result<Option<Url>, ProviderError> {
        let text = self.document[name].as_str().map(str::trim);
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        match self.origins.endpoint(text) {
            Some(url) => Ok(Some(url)),
            None => Err(wrong(name, ENDPOINT, without_query(text))),
        }
    }
}

/// The secure algorithms of a list. An empty list counts as none, because RFC 8414 section 3.2
/// forbids empty lists.
fn algorithms(announced: &Value) -> Option<Vec<Algorithm>> {
    let names = texts(announced)?;
    let secure = names.iter().filter_map(|name| Algorithm::secure(name));
    (!names.is_empty()).then(|| secure.collect())
}

/// The texts of a list, without values of other types. `None` if the value is not a list.
fn texts(list: &Value) -> Option<Vec<String>> {
    let texts = list.as_array()?.iter().filter_map(Value::as_str);
    Some(texts.map(str::to_owned).collect())
}

/// The expected value, in the text of errors.
const ENDPOINT: &str = "an https address without fragment";

/// The error for metadata that are unusable because of this member.
pub(super) fn wrong(part: &'static str, expected: &str, found: &str) -> ProviderError {
    let mismatch = Mismatch::new(expected, found);
    ProviderError::with_code(LoginErrorKind::Misconfigured, part).differing(mismatch)
}

/// An address for the log.
fn without_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}
