//! Which call it is, and to which host: for the log.

use http::Request;

/// The name of a call, as an extension of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallName {
    Metadata,
    Keys,
    PushedRequest,
    Token,
    Profile,
    Revocation,
}

impl CallName {
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

/// The place of a call, as an extension of its answer.
#[derive(Clone, Debug)]
pub(crate) struct CallTarget {
    pub(crate) call: Option<CallName>,
    pub(crate) host: Option<Box<str>>,
    /// Of a public document alone: the paths of other calls are an application's own.
    pub(crate) path: Option<Box<str>>,
}

impl CallTarget {
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
