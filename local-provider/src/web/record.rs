//! The requests that the provider received.

use std::{collections::VecDeque, fmt};

use bytes::Bytes;
use http::{HeaderMap, Method, request::Parts};

use crate::web::{endpoint::Endpoint, params::Params};

/// A request as the provider received it, from
/// [`LocalProvider::requests`](crate::LocalProvider::requests).
///
/// ```
/// use tower_phone_auth_local_provider::{Endpoint, Recorded};
///
/// /// The code verifier that the application sent with a code.
/// fn verifier(requests: &[Recorded]) -> Option<String> {
///     let token = requests.iter().find(|one| one.endpoint == Some(Endpoint::Token))?;
///     let verifier = token.form().into_iter().find(|(name, _)| name == "code_verifier");
///     verifier.map(|(_, value)| value)
/// }
/// # assert_eq!(verifier(&[]), None);
/// ```
///
/// `Debug` shows the method, the path and the body's length only, since everything else may be
/// a secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct Recorded {
    /// The endpoint of the path, or `None` for any other path.
    pub endpoint: Option<Endpoint>,
    /// The method.
    pub method: Method,
    /// The path, without the query.
    pub path: String,
    /// The query, still encoded. `None` if the URL has no question mark.
    pub query: Option<String>,
    /// The headers, among them `Authorization` and `Cookie` with their secrets.
    pub headers: HeaderMap,
    /// The body, whole and still encoded. It has at most 64 KiB.
    pub body: Bytes,
}

impl Recorded {
    /// A request whose body was read.
    pub(crate) fn new(parts: Parts, body: Bytes) -> Self {
        Self {
            endpoint: Endpoint::at(parts.uri.path()),
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers,
            body,
        }
    }

    /// The parameters of the query.
    pub(crate) fn query_params(&self) -> Params {
        Params::parse(self.query.as_deref().unwrap_or_default().as_bytes())
    }

    /// The parameters of the query, then those of the body, for endpoints that take both.
    pub(crate) fn all_params(&self) -> Params {
        let query = self.query.as_deref().unwrap_or_default().as_bytes();
        Params::parse(&[query, &self.body].join(&b'&'))
    }

    /// The body as a form. Its pairs are decoded, in the order in which they were sent. A name that
    /// was sent twice is in the list twice. The `Content-Type` is not checked.
    #[must_use]
    pub fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The latest requests, the oldest first.
#[derive(Default)]
pub(crate) struct Records(VecDeque<Recorded>);

impl Records {
    /// Adds a request, in place of the oldest one if there are too many.
    pub(crate) fn push(&mut self, request: Recorded) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(request);
    }

    pub(crate) fn all(&self) -> Vec<Recorded> {
        self.0.iter().cloned().collect()
    }

    /// How many of the requests went to this endpoint.
    pub(crate) fn count(&self, endpoint: Endpoint) -> usize {
        let wanted = |request: &&Recorded| request.endpoint == Some(endpoint);
        self.0.iter().filter(wanted).count()
    }

    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }
}

/// How many requests are kept. An example may run for weeks, so its provider must not take more
/// memory with every request.
const KEPT: usize = 4096;
