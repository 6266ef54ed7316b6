//! Requests to providers: the one module that opens sockets.

use std::{future::Future, pin::Pin};

use bytes::Bytes;
use http::{Request, Response};

pub use error::{HttpError, HttpErrorKind};

pub(crate) use call::{CallName, CallTarget};
pub(crate) use default::Reqwest;
pub(crate) use names::Names;

mod call;
mod default;
mod error;
mod names;

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
/// use tower_phone_auth::{BoxFuture, HttpClient, HttpError, HttpErrorKind};
///
/// /// A provider that is always down.
/// struct Offline;
///
/// impl HttpClient for Offline {
///     fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
///         Box::pin(async { Err(HttpErrorKind::Unreachable.into()) })
///     }
/// }
/// ```
pub trait HttpClient: Send + Sync + 'static {
    /// Sends `request` and reads the whole answer.
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>>;
}
