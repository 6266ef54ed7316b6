//! A summary of a provider's settings without secrets, for `OAuthLayer::doctor`.

use crate::http_client::CallName;

/// The calls of a sign-in, and the settings that concern them.
pub(crate) struct Outline {
    /// The addresses of the calls that are known without the metadata.
    pub(crate) endpoints: Vec<(CallName, String)>,
    /// The OpenID Connect settings. `None` for a provider without metadata.
    pub(crate) openid: Option<OpenId>,
    /// ID tokens are verified, so that a wrong clock refuses sign-ins.
    pub(crate) verifies_tokens: bool,
    /// A sign-out, or the choice of another account, sends the browser to the provider and back, so
    /// that a return address must be registered there.
    pub(crate) comes_back: bool,
}

/// The settings of an OpenID provider.
pub(crate) struct OpenId {
    pub(crate) issuer: String,
    /// The address of the metadata.
    pub(crate) metadata: String,
    pub(crate) scopes: Vec<String>,
    /// The scope among `scopes` that stands for the phone number.
    pub(crate) phone_scope: Option<String>,
    pub(crate) phone_claim: String,
    /// The provider gives the number although its metadata list neither the scope nor the claim.
    pub(crate) is_unlisted: bool,
    /// The accepted algorithms, as far as the provider announces them.
    pub(crate) algorithms: Vec<&'static str>,
    /// The settings name the algorithms; the provider's announcement does not count.
    pub(crate) pins_algorithms: bool,
    /// The client secret verifies ID tokens.
    pub(crate) signs_with_secret: bool,
    pub(crate) authentication: Authentication,
    pub(crate) pkce: bool,
    pub(crate) pushed_requests: Option<bool>,
    pub(crate) claims_parameter: Option<bool>,
    /// Userinfo is requested at every sign-in.
    pub(crate) needs_userinfo: bool,
    pub(crate) logs_out: bool,
}

/// The authentication of the client at the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authentication {
    /// This method.
    Set(&'static str),
    /// A client secret, by the method that the metadata announce.
    Announced,
}

/// The endpoints that the client takes from a metadata document.
pub(crate) struct Accepted {
    pub(crate) endpoints: Vec<(CallName, String)>,
}

impl Outline {
    /// The summary of a provider with fixed endpoints.
    pub(super) fn new(endpoints: impl IntoIterator<Item = (CallName, String)>) -> Self {
        Self {
            endpoints: endpoints.into_iter().collect(),
            openid: None,
            verifies_tokens: false,
            comes_back: false,
        }
    }
}
