//! Requests to providers: the one module that opens sockets.

use std::{error::Error, fmt, future::Future, pin::Pin, time::Duration};

use bytes::Bytes;
use http::{Request, Response};

mod default;
mod names;

pub(crate) use default::Reqwest;
pub(crate) use names::Names;

/// A future that is sent between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends requests to providers.
///
/// The default is `reqwest` with rustls. It follows no redirect, reads at most 256 KiB of a body, and uses no connection
/// again that was idle for four seconds, because servers close theirs after five or more. It sends a `GET` once more if the
/// connection broke before an answer, and any request if no connection came about; a code is never sent twice. It refuses inner addresses where [`Oidc`](crate::Oidc) says so.
///
/// Another client must do the same: a provider is not trusted with our time or memory, and a followed redirect would hand
/// the client secret to another server. The layer itself asks for answers without compression
/// (`Accept-Encoding: identity`), and refuses a compressed one with a code that names the coding, such as
/// `content_encoding_gzip`. It also bounds the time of each call
/// ([`provider_timeout`](crate::Builder::provider_timeout)) and the calls at once
/// ([`provider_concurrency`](crate::Builder::provider_concurrency)), with every client.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use tower_phone_auth::{BoxFuture, HttpClient, HttpError};
///
/// /// A provider that is always down.
/// struct Offline;
///
/// impl HttpClient for Offline {
///     fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
///         Box::pin(async { Err(HttpError::Unreachable) })
///     }
/// }
/// ```
pub trait HttpClient: Send + Sync + 'static {
    /// Sends `request` and reads the whole answer.
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>>;
}

/// Why a provider gave no answer. It carries no detail: addresses and bodies may hold secrets.
///
/// ```
/// assert_eq!(tower_phone_auth::HttpError::TimedOut.to_string(), "no answer in time");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpError {
    /// No connection, or it broke.
    Unreachable,
    /// No whole answer in time.
    TimedOut,
    /// The answer is larger than the limit.
    TooLarge,
    /// The answer has this content coding, such as `gzip`, though none was asked for
    /// ([RFC 9110 section 8.4](https://www.rfc-editor.org/rfc/rfc9110#section-8.4)).
    Encoded(&'static str),
    /// Not sent: too many calls are under way, or the provider failed too often. It may be tried again after this time.
    Busy(Duration),
    /// Not sent: the name leads to an address where this provider may not have an endpoint.
    ForbiddenAddress,
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "no connection, or it broke",
            Self::TimedOut => "no answer in time",
            Self::TooLarge => "the answer is too large",
            Self::Encoded(_) => "the answer has a content coding that nobody asked for",
            Self::Busy(_) => "too many calls, or too many failures",
            Self::ForbiddenAddress => "the name leads to an address that is not permitted",
        })
    }
}

impl Error for HttpError {}
