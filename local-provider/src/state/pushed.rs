//! Pushed authorization requests.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;

use crate::web::params::Params;

/// The authorization requests that were pushed (RFC 9126) and have not expired.
#[derive(Default)]
pub(crate) struct Pushed {
    count: u64,
    requests: HashMap<String, (Params, Instant)>,
}

impl Pushed {
    /// How long a pushed request is valid: long enough for a user to choose on the page.
    pub(crate) const LIFETIME: Duration = Duration::from_secs(600);

    /// Keeps a request and returns its `request_uri`.
    pub(crate) fn push(&mut self, params: Params) -> String {
        let now = Instant::now();
        self.requests.retain(|_, (_, expires)| *expires > now);
        self.count += 1;
        // Easy to guess, which does no harm, because anyone who can guess it may sign in as anyone.
        let uri = format!("{URN}{}", self.count);
        let request = (params, now + Self::LIFETIME);
        self.requests.insert(uri.clone(), request);
        uri
    }

    /// The request behind a `request_uri`. It may be used again, because users reload pages.
    pub(crate) fn find(&self, uri: &str) -> Option<&Params> {
        let (params, expires) = self.requests.get(uri)?;
        (*expires > Instant::now()).then_some(params)
    }
}

/// The beginning of a `request_uri` (RFC 9126 section 2.2).
const URN: &str = "urn:ietf:params:oauth:request_uri:";
