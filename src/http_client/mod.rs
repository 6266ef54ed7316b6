//! Requests to providers. This is the only module that opens connections to them.
//!
//! `default` is the client with `reqwest`; `names` checks the addresses to which host names
//! resolve; `call` names a call for the log. Deadlines, limits and the circuit breaker are in
//! `calls`, because they apply to every client.

use std::{future::Future, pin::Pin, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};

pub use error::{HttpError, HttpErrorKind};

pub(crate) use call::{CallName, CallTarget};
#[cfg(feature = "reqwest")]
pub(crate) use default::Reqwest;
pub(crate) use names::Names;

mod call;
#[cfg(feature = "reqwest")]
mod default;
mod error;
mod names;

/// A boxed future that can move between threads. [`HttpClient`] returns one, because a trait with
/// an `async fn` cannot be used as `dyn`.
///
/// ```
/// use tower_phone_auth::provider::BoxFuture;
///
/// fn soon(number: u32) -> BoxFuture<'static, u32> {
///     Box::pin(async move { number })
/// }
/// ```
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Makes the default client ready for its first call, which would take some milliseconds more. It
/// blocks for that time.
pub(crate) type Prepare = Arc<dyn Fn() -> Result<(), HttpError> + Send + Sync>;

/// The client for requests to providers. Set another one with
/// [`Builder::http_client`](crate::Builder::http_client).
///
/// The default is `reqwest` with rustls, with the feature `reqwest` of this crate. It follows no
/// redirect and reads at most 256 KiB of a body. It does not reuse a connection that was idle for
/// four seconds, because servers close theirs after five or more. It repeats a `GET` once if the
/// connection broke before a response, and any request if no connection was made, so it never sends
/// a code twice. It refuses internal addresses as
/// [`Oidc::allow_internal_endpoints`](crate::Oidc::allow_internal_endpoints) says.
///
/// Another client must do the same. A large response must not use up the memory of this server, and
/// a followed redirect would send the client secret to another server.
///
/// With every client, the layer itself asks for responses without compression
/// (`Accept-Encoding: identity`), and refuses a compressed one with a code that names the coding,
/// such as `content_encoding_gzip`. It also limits the time of each call
/// ([`provider_timeout`](crate::Builder::provider_timeout)) and the calls at once
/// ([`provider_concurrency`](crate::Builder::provider_concurrency)).
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use tower_phone_auth::provider::{BoxFuture, HttpClient, HttpError, HttpErrorKind};
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
    /// Sends `request` and reads the whole response. A response of any status is `Ok`. Errors are
    /// for calls without a response.
    ///
    /// The future is dropped when the deadline of the call has passed.
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>>;
}
