//! The default client: `reqwest` with rustls. Its public description is at [`HttpClient`].

use std::{
    env,
    error::Error,
    ffi::OsString,
    fs::File,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, Request, Response, header::CONTENT_LENGTH};
use reqwest::redirect::Policy;

use super::{
    BoxFuture, HttpClient, HttpError, HttpErrorKind,
    names::{Names, resolver::Forbidden},
};
use crate::error::ConfigError;

#[cfg(test)]
mod tests;

/// The largest accepted body, in bytes. Profiles have a few kilobytes, and the largest key sets and
/// metadata documents a few tens of them.
const LARGEST: usize = 256 * 1024;
/// The time after which an idle connection is not reused. Servers close theirs after five seconds
/// (Node) to a minute. A request on a connection that the server closes at that moment fails, and a
/// token request cannot be repeated, because its code must not be sent twice.
const IDLE: Duration = Duration::from_secs(4);
/// The longest time for making a connection. A host that does not respond to the handshake counts
/// as timed out after this time, so that the deadline of the callback leaves time for another call.
const CONNECT: Duration = Duration::from_secs(3);

/// The default [`HttpClient`]. Each provider has one of its own, with its timeout and its
/// [`Names`]. Clones share the connections.
///
/// The certificate authorities of the system are read at the first call, or by
/// [`prepare`](Self::prepare), because that takes some milliseconds and a megabyte for each client.
#[derive(Clone)]
pub(crate) struct Reqwest {
    limit: Duration,
    direct: bool,
    names: Names,
    idle: Duration,
    client: Arc<OnceLock<reqwest::Client>>,
}

impl Reqwest {
    /// A client whose calls take at most `limit` each. With `direct`, the proxy settings of the
    /// system are ignored, because a proxy cannot reach a provider on loopback.
    pub(crate) fn new(limit: Duration, direct: bool, names: &Names) -> Result<Self, ConfigError> {
        check_authorities()?;
        Ok(Self {
            limit,
            direct,
            names: names.clone(),
            idle: IDLE,
            client: Arc::default(),
        })
    }

    /// Makes the client, so that no call waits for it.
    pub(crate) fn prepare(&self) -> Result<(), HttpError> {
        self.client().map(|_| ())
    }

    /// The client. Of two that are made at the same moment, one is kept. A failure is not kept,
    /// since the certificate authorities may be installed later.
    fn client(&self) -> Result<&reqwest::Client, HttpError> {
        match self.client.get() {
            Some(client) => Ok(client),
            None => {
                let made = self.build().map_err(|error| {
                    tracing::error!(
                        "TLS cannot be set up: install the system's certificate authorities \
                         (ca-certificates), correct SSL_CERT_FILE or SSL_CERT_DIR if one is set, \
                         or give a client by Builder::http_client"
                    );
                    HttpError::new(HttpErrorKind::Unreachable)
                        .unsent()
                        .caused_by(error)
                })?;
                Ok(self.client.get_or_init(|| made))
            }
        }
    }

    fn build(&self) -> reqwest::Result<reqwest::Client> {
        let builder = reqwest::Client::builder()
            // A followed redirect would repeat the client secret and the code at another host.
            .redirect(Policy::none())
            .timeout(self.limit)
            .connect_timeout(self.limit.min(CONNECT))
            .pool_idle_timeout(self.idle)
            // Names are checked at every connection, not only when the metadata are read.
            .dns_resolver(Arc::new(self.names.clone()))
            .user_agent(concat!("tower-phone-auth/", env!("CARGO_PKG_VERSION")));
        let builder = if self.direct {
            builder.no_proxy()
        } else {
            builder
        };
        builder.build()
    }

    /// Sends a request and reads the response up to [`LARGEST`]. An error in the middle of the body
    /// is an error of the call, since half a document is of no use.
    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        // A URL that `reqwest` cannot read, such as one without a host, is an error here.
        let request = reqwest::Request::try_from(request).map_err(failed)?;
        let sent = Self::execute(self.client()?, request).await;
        let mut answer = sent.map_err(failed)?;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        // A body that announces too much is not read at all, and its connection is closed.
        if promised(response.headers()) > LARGEST {
            return Err(HttpErrorKind::TooLarge.into());
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            // The length may be missing or wrong, so the bytes are counted as well.
            if body.len() + chunk.len() > LARGEST {
                return Err(HttpErrorKind::TooLarge.into());
            }
            body.extend_from_slice(&chunk);
        }
        *response.body_mut() = body.freeze();
        Ok(response)
    }

    /// Sends a request, and sends it once more if [`may_repeat`] permits it. The second result is
    /// final.
    async fn execute(
        client: &reqwest::Client,
        request: reqwest::Request,
    ) -> reqwest::Result<reqwest::Response> {
        let safe = request.method() == Method::GET;
        // `None` for a body that is a stream, which this crate never sends.
        let again = request.try_clone();
        match (client.execute(request).await, again) {
            (Err(error), Some(again)) if may_repeat(&error, safe) => client.execute(again).await,
            (result, _) => result,
        }
    }
}

/// Checks that one of the places of certificate authorities that the environment names exists, so
/// that a typing error is found at the start. The authorities are read at the first call.
fn check_authorities() -> Result<(), ConfigError> {
    let (file, folders) = (env::var_os("SSL_CERT_FILE"), env::var_os("SSL_CERT_DIR"));
    let is_readable = |path: &OsString| File::open(path).is_ok();
    let has_folder = |paths: &OsString| env::split_paths(paths).any(|path| path.is_dir());
    if file.as_ref().is_some_and(is_readable) || folders.as_ref().is_some_and(has_folder) {
        return Ok(());
    }
    let file = file.map(|path| ("SSL_CERT_FILE", path));
    let Some((name, path)) = file.or_else(|| Some(("SSL_CERT_DIR", folders?))) else {
        return Ok(());
    };
    let problem = format!("{:?} cannot be read", path.to_string_lossy());
    let remedy = "give certificate authorities in PEM, or unset the variable";
    Err(ConfigError::new(name, problem, remedy))
}

/// Whether a failed request may be repeated. If no connection was made, nothing was sent, so that a
/// code is unused. A connection that broke later may have delivered the request, and then only a
/// `GET` is repeated (RFC 9110 section 9.2.2). A timeout is not repeated, because the deadline has
/// passed, and a forbidden address stays forbidden.
fn may_repeat(error: &reqwest::Error, safe: bool) -> bool {
    !error.is_timeout() && !is_forbidden(error) && (safe || error.is_connect())
}

/// The length that `Content-Length` announces. Zero if there is none, because the bytes are counted
/// anyway.
fn promised(headers: &HeaderMap) -> usize {
    let length = headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or_default()
}

/// Only the connection is made here. `calls` limits the number of calls, and the time of several
/// calls together.
impl HttpClient for Reqwest {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(self.exchange(request))
    }
}

/// The error of a failed call. The URL is removed from the source, because its query may hold a
/// secret.
fn failed(error: reqwest::Error) -> HttpError {
    // The order matters, because the resolver's refusal also is an error of the connection.
    let kind = if is_forbidden(&error) {
        HttpErrorKind::ForbiddenAddress
    } else if error.is_timeout() {
        HttpErrorKind::TimedOut
    } else {
        HttpErrorKind::Unreachable
    };
    let failed = HttpError::new(kind);
    let failed = if error.is_connect() {
        failed.unsent()
    } else {
        failed
    };
    failed.caused_by(error.without_url())
}

/// Whether the resolver refused the host. `reqwest` wraps the resolver's error, so the whole chain
/// of sources is searched.
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
