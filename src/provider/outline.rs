//! A summary of a provider's settings without secrets, for `OAuthLayer::doctor`. The doctor
//! compares it with the provider's metadata and responses.

use crate::http_client::CallName;

/// The calls of a sign-in, and the settings that concern them.
pub(crate) struct Outline {
    /// The addresses of the calls that are known without the metadata.
    pub(crate) endpoints: Vec<(CallName, String)>,
    /// The OpenID Connect settings. `None` for a provider without metadata.
    pub(crate) openid: Option<OpenId>,
    /// ID tokens are verified, so that sign-ins fail if the clock of this server is wrong.
    pub(crate) verifies_tokens: bool,
    /// A sign-out, or the choice of another account, sends the browser to the provider and back. A
    /// return address must then be registered there.
    pub(crate) comes_back: bool,
}

/// The settings of an OpenID provider.
pub(crate) struct OpenId {
    /// The issuer exactly as the setting has it.
    pub(crate) issuer: String,
    /// The address of the metadata.
    pub(crate) metadata: String,
    /// The scopes of a request.
    pub(crate) scopes: Vec<String>,
    /// The scope among `scopes` that stands for the phone number. `None` if no scope does.
    pub(crate) phone_scope: Option<String>,
    /// The claim with the phone number. `None` if the number is not asked for.
    pub(crate) phone_claim: Option<String>,
    /// The provider gives the number although its metadata list neither the scope nor the claim.
    pub(crate) is_unlisted: bool,
    /// The accepted algorithms by the settings. The metadata may announce fewer.
    pub(crate) algorithms: Vec<&'static str>,
    /// The settings name the algorithms, so the metadata do not count.
    pub(crate) pins_algorithms: bool,
    /// The client secret verifies ID tokens.
    pub(crate) signs_with_secret: bool,
    /// The authentication of the client at the token endpoint.
    pub(crate) authentication: Authentication,
    /// Requests carry a PKCE challenge.
    pub(crate) pkce: bool,
    /// The setting `pushed_requests`. `None` leaves the choice to the metadata.
    pub(crate) pushed_requests: Option<bool>,
    /// The setting `claims_parameter`. `None` leaves the choice to the metadata.
    pub(crate) claims_parameter: Option<bool>,
    /// Userinfo is requested at every sign-in.
    pub(crate) needs_userinfo: bool,
    /// Users sign out at the provider as well.
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

/// The endpoints that the client would use with a given metadata document.
pub(crate) struct Accepted {
    /// The calls and their addresses, as far as this server makes them.
    pub(crate) endpoints: Vec<(CallName, String)>,
}

impl Outline {
    /// The summary of a provider with fixed endpoints and without OpenID Connect.
    pub(super) fn new(endpoints: impl IntoIterator<Item = (CallName, String)>) -> Self {
        Self {
            endpoints: endpoints.into_iter().collect(),
            openid: None,
            verifies_tokens: false,
            comes_back: false,
        }
    }
}
