//! The name and the target of a call, for the log. Names and hosts are logged in place of URLs,
//! because URLs of profiles and revocations can identify a user.

use http::Request;

/// The kind of a call. Requests carry it as an extension, so that [`HttpClient`](super::HttpClient)
/// needs no further parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallName {
    /// The metadata document of OpenID Connect Discovery.
    Metadata,
    /// The key set at `jwks_uri`.
    Keys,
    /// A pushed authorization request.
    PushedRequest,
    /// The code exchange at the token endpoint.
    Token,
    /// The profile: userinfo, or the provider's own API.
    Profile,
    /// Revocation of a token, or an unlink. Only the application asks for it.
    Revocation,
}

/// The names are texts of the log and of `OAuthLayer::doctor`.
impl CallName {
    /// The name in the log. The names are part of the log's format, so they do not change.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Keys => "keys",
            Self::PushedRequest => "pushed_request",
            Self::Token => "token",
            Self::Profile => "profile",
            Self::Revocation => "revocation",
        }
    }
}

/// The target of a call. Responses and errors carry it.
#[derive(Clone, Debug)]
pub(crate) struct CallTarget {
    /// `None` for calls of the application's own profile reader.
    pub(crate) call: Option<CallName>,
    /// The host without the port. `None` for a URL without a host, which no client can send.
    pub(crate) host: Option<Box<str>>,
    /// The path, for public documents only. The path of another call may identify a user.
    pub(crate) path: Option<Box<str>>,
}

impl CallTarget {
    /// The target of a request.
    pub(crate) fn of<B>(request: &Request<B>) -> Self {
        let call: Option<CallName> = request.extensions().get().copied();
        let is_document = matches!(call, Some(CallName::Metadata | CallName::Keys));
        Self {
            call,
            path: is_document.then(|| request.uri().path().into()),
            host: request.uri().host().map(Into::into),
        }
    }
}
