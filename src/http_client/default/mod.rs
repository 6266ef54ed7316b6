//! The default client: `reqwest` with rustls.

use std::{error::Error, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, Request, Response, header::CONTENT_LENGTH};
use reqwest::redirect::Policy;

use super::{
    BoxFuture, HttpClient, HttpError, HttpErrorKind,
    names::{Forbidden, Names},
};
use crate::error::ConfigError;

#[cfg(test)]
mod tests;

/// The largest accepted body, in bytes. Profiles have a few kilobytes.
const LARGEST: usize = 256 * 1024;
/// The time after which an idle connection is not reused. Servers close theirs after five seconds
/// (Node) to a minute. A request on a connection that closes at that moment fails, and a code must
/// not be sent twice.
const IDLE: Duration = Duration::from_secs(4);
/// The longest time for making a connection.
const CONNECT: Duration = Duration::from_secs(3);

/// The default [`HttpClient`].
#[derive(Clone, Debug)]
pub(crate) struct Reqwest(reqwest::Client);

impl Reqwest {
    /// A client whose calls take at most `limit` each. `direct` ignores the system's proxy
    /// settings, for a provider on loopback.
    pub(crate) fn new(limit: Duration, direct: bool, names: &Names) -> Result<Self, ConfigError> {
        Self::with_idle(limit, direct, names, IDLE)
    }

    fn with_idle(
        limit: Duration,
        direct: bool,
        names: &Names,
        idle: Duration,
    ) -> Result<Self, ConfigError> {
        let builder = reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(limit)
            .connect_timeout(limit.min(CONNECT))
            .pool_idle_timeout(idle)
            .dns_resolver(Arc::new(names.clone()))
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

    /// Sends a request and reads the response up to [`LARGEST`].
    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request).map_err(failed)?;
        let mut answer = self.execute(request).await.map_err(failed)?;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        // A body that announces too much is not read at all.
        if promised(response.headers()) > LARGEST {
            return Err(HttpErrorKind::TooLarge.into());
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(HttpErrorKind::TooLarge.into());
            }
            body.extend_from_slice(&chunk);
        }
        *response.body_mut() = body.freeze();
        Ok(response)
    }

    /// Sends a request, and sends it once more if that is safe and may help.
    async fn execute(&self, request: reqwest::Request) -> reqwest::Result<reqwest::Response> {
        let safe = request.method() == Method::GET;
        let again = request.try_clone();
        match (self.0.execute(request).await, again) {
            (Err(error), Some(again)) if may_repeat(&error, safe) => self.0.execute(again).await,
            (result, _) => result,
        }
    }
}

/// Whether a failed request may be repeated. Without a connection nothing was sent, so that a code
/// is unused. A connection that broke later may have delivered the request; then only a `GET` is
/// repeated (RFC 9110 section 9.2.2).
fn may_repeat(error: &reqwest::Error, safe: bool) -> bool {
    !error.is_timeout() && !is_forbidden(error) && (safe || error.is_connect())
}

/// The length that the response announces.
fn promised(headers: &HeaderMap) -> usize {
    let length = headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or_default()
}

impl HttpClient for Reqwest {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(self.exchange(request))
    }
}

/// The URL is removed from the source, because its query may hold a secret.
fn failed(error: reqwest::Error) -> HttpError {
    let kind = if is_forbidden(&error) {
        HttpErrorKind::ForbiddenAddress
    } else if error.is_timeout() {
        HttpErrorKind::TimedOut
    } else {
        HttpErrorKind::Unreachable
    };
    HttpError::new(kind).caused_by(error.without_url())
}

/// Whether the resolver refused the host.
fn is_forbidden(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<Forbidden>() {
            return true;
        }
        cause = error.source();
    }
    false
}
