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

/// The most that an answer may hold: profiles have a few kilobytes.
const LARGEST: usize = 256 * 1024;
/// Servers close a connection that is idle for five seconds or more (Node), most after a minute.
const IDLE: Duration = Duration::from_secs(4);
const CONNECT: Duration = Duration::from_secs(3);

#[derive(Clone, Debug)]
pub(crate) struct Reqwest(reqwest::Client);

impl Reqwest {
    /// `limit` bounds a whole call. `direct` leaves the system's proxy settings aside, for a provider on loopback.
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

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let request = reqwest::Request::try_from(request).map_err(failed)?;
        let mut answer = self.execute(request).await.map_err(failed)?;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
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

    /// Sends it once more where that can help and does no harm.
    async fn execute(&self, request: reqwest::Request) -> reqwest::Result<reqwest::Response> {
        let safe = request.method() == Method::GET;
        let again = request.try_clone();
        match (self.0.execute(request).await, again) {
            (Err(error), Some(again)) if may_repeat(&error, safe) => self.0.execute(again).await,
            (result, _) => result,
        }
    }
}

/// A request without a connection was not sent, so that a code is still unused. A connection that broke later may have
/// brought it: then only a `GET` goes again (RFC 9110 section 9.2.2).
fn may_repeat(error: &reqwest::Error, safe: bool) -> bool {
    !error.is_timeout() && !is_forbidden(error) && (safe || error.is_connect())
}

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

/// The address is left out of the source: its query may hold a secret.
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
