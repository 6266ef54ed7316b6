//! The methods of a path.

use http::Method;

use crate::{
    state::State,
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

/// Answers one request. Runs with the state locked, so it must not wait.
type Handler = fn(&mut State, &Recorded) -> Answer;

/// The handlers of a path, by method.
pub(crate) struct Resource {
    get: Option<Handler>,
    post: Option<Handler>,
}

impl Resource {
    /// A path that takes `GET` only. The result is an `Option`, because the tables of paths end
    /// with `None`.
    pub(crate) fn get(handler: Handler) -> Option<Self> {
        let get = Some(handler);
        Some(Self { get, post: None })
    }

    /// A path that takes `POST` only.
    pub(crate) fn post(handler: Handler) -> Option<Self> {
        let post = Some(handler);
        Some(Self { get: None, post })
    }

    /// A path that answers `GET` and `POST` in the same way.
    pub(crate) fn any(handler: Handler) -> Option<Self> {
        Self::both(handler, handler)
    }

    /// A path that answers `GET` and `POST` in different ways.
    pub(crate) fn both(get: Handler, post: Handler) -> Option<Self> {
        Some(Self {
            get: Some(get),
            post: Some(post),
        })
    }

    /// The answer of the handler, or 405 with `Allow` (RFC 9110 section 15.5.6).
    pub(crate) fn answer(&self, state: &mut State, request: &Recorded) -> Answer {
        let handler = match request.method {
            Method::GET => self.get,
            Method::POST => self.post,
            _ => None,
        };
        match handler {
            Some(handler) => handler(state, request),
            None => answer::method_not_allowed(self.methods()),
        }
    }

    /// The methods of the path, for `Allow`.
    fn methods(&self) -> &'static str {
        match (self.get, self.post) {
            (_, None) => "GET",
            (None, _) => "POST",
            (Some(_), Some(_)) => "GET, POST",
        }
    }
}
