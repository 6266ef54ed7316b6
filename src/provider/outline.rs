//! A provider as its settings describe it, without a secret: for the doctor.

use crate::http_client::CallName;

/// The calls of a sign-in, and what is set about them.
pub(crate) struct Outline {
    /// The addresses of the calls, as far as they are known without metadata.
    pub(crate) endpoints: Vec<(CallName, String)>,
    /// What is set about OpenID Connect; none where no metadata are read.
    pub(crate) openid: Option<OpenId>,
    /// Whether ID tokens are verified, so that the clocks matter.
    pub(crate) verifies_tokens: bool,
    /// Whether a sign-out, or the choice of another account, leads to the provider and back.
    pub(crate) comes_back: bool,
}

/// The settings of an OpenID provider.
pub(crate) struct OpenId {
    pub(crate) issuer: String,
    /// The address of the metadata.
    pub(crate) metadata: String,
    pub(crate) scopes: Vec<String>,
    /// The scope among these that stands for the number.
    pub(crate) phone_scope: Option<String>,
    pub(crate) phone_claim: String,
    /// The provider is known to give the number although its metadata list neither scope nor claim.
    pub(crate) is_unlisted: bool,
    /// Those that are accepted where the provider announces them.
    pub(crate) algorithms: Vec<&'static str>,
    /// The settings name them, and what the provider announces does not count.
    pub(crate) pins_algorithms: bool,
    /// The client secret is the key of ID tokens.
    pub(crate) signs_with_secret: bool,
    pub(crate) authentication: Authentication,
    pub(crate) pkce: bool,
    pub(crate) pushed_requests: Option<bool>,
    pub(crate) claims_parameter: Option<bool>,
    pub(crate) needs_userinfo: bool,
    pub(crate) logs_out: bool,
}

/// How the client proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authentication {
    /// By this method.
    Set(&'static str),
    /// By a secret, in the way that the provider announces.
    Announced,
}

/// What a provider's own reading made of its metadata.
pub(crate) struct Accepted {
    pub(crate) endpoints: Vec<(CallName, String)>,
}

impl Outline {
    /// A provider of plain OAuth 2.0.
    pub(super) fn new(endpoints: impl IntoIterator<Item = (CallName, String)>) -> Self {
        Self {
            endpoints: endpoints.into_iter().collect(),
            openid: None,
            verifies_tokens: false,
            comes_back: false,
        }
    }
}
