//! The one room that opens sockets: requests to providers.

use std::{error::Error, fmt, future::Future, pin::Pin, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use reqwest::redirect::Policy;

use crate::error::ConfigError;

/// A future that is sent between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends requests to providers.
///
/// The default is `reqwest` with rustls: no redirects followed, ten seconds for a whole call, 256 KiB at most
/// in a body. Another one must hold the same limits: a provider is not trusted with our time or memory, and a
/// followed redirect would hand the client secret to whoever is named.
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
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreachable => "no connection, or it broke",
            Self::TimedOut => "no answer in time",
            Self::TooLarge => "the answer is too large",
        })
    }
}

impl Error for HttpError {}

/// The most that an answer may hold: profiles have a few kilobytes.
const LARGEST: usize = 256 * 1024;

/// The default client.
#[derive(Clone, Debug)]
pub(crate) struct Reqwest(reqwest::Client);

impl Reqwest {
    /// `limit` bounds a whole call. `direct` leaves the system's proxy settings aside, for
    /// providers on loopback.
    pub(crate) fn new(limit: Duration, direct: bool) -> Result<Self, ConfigError> {
        let builder = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(limit)
            .connect_timeout(limit.min(Duration::from_secs(3)))
            .user_agent(concat!("tower-phone-auth/", env!("CARGO_PKG_VERSION")));
        let builder = if direct { builder.no_proxy() } else { builder };
        let client = builder.build().map_err(|_| {
            ConfigError::new(
                "http_client",
                "TLS cannot be set up",
                "install the system's certificate authorities (ca-certificates), or give a client",
            )
        })?;
        Ok(Self(client))
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request).map_err(|_| HttpError::Unreachable)?;
        let mut answer = self.connect(request).await.map_err(|error| cause(&error))?;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| cause(&error))? {
            if body.len() + chunk.len() > LARGEST {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        *response.body_mut() = body.freeze();
        Ok(response)
    }

    /// Connects once more if no connection came about: nothing was sent then, so a code that
    /// works once is still good.
    async fn connect(&self, request: reqwest::Request) -> reqwest::Result<reqwest::Response> {
        let again = request.try_clone();
        match (self.0.execute(request).await, again) {
            (Err(error), Some(again)) if error.is_connect() && !error.is_timeout() => {
                self.0.execute(again).await
            }
            (result, _) => result,
        }
    }
}

impl HttpClient for Reqwest {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(self.exchange(request))
    }
}

fn cause(error: &reqwest::Error) -> HttpError {
    if error.is_timeout() {
        HttpError::TimedOut
    } else {
        HttpError::Unreachable
    }
}
