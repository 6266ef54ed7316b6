use http::Method;

use crate::{
    state::State,
    web::{
        answer::{self, Answer},
        record::Recorded,
    },
};

type Handler = fn(&mut State, &Recorded) -> Answer;

/// The handlers of a path, by method.
pub(crate) struct Resource {
    get: Option<Handler>,
    post: Option<Handler>,
}

impl Resource {
    pub(crate) fn get(handler: Handler) -> Option<Self> {
        let get = Some(handler);
        Some(Self { get, post: None })
    }

    pub(crate) fn post(handler: Handler) -> Option<Self> {
        let post = Some(handler);
        Some(Self { get: None, post })
    }

    pub(crate) fn any(handler: Handler) -> Option<Self> {
        Self::both(handler, handler)
    }

    pub(crate) fn both(get: Handler, post: Handler) -> Option<Self> {
        Some(Self {
            get: Some(get),
            post: Some(post),
        })
    }

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

    fn methods(&self) -> &'static str {
        match (self.get, self.post) {
            (_, None) => "GET",
            (None, _) => "POST",
            (Some(_), Some(_)) => "GET, POST",
        }
    }
}
