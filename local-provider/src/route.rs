use http::{Method, StatusCode};

use crate::{
    answer::{self, Answer},
    google, kakao, naver, oidc,
    record::Recorded,
    state::State,
};

/// The right answer to a request.
pub(crate) fn answer(state: &mut State, request: &Recorded) -> Answer {
    let path = request.path.as_str();
    let rooms = [
        kakao::resource,
        naver::resource,
        google::resource,
        oidc::resource,
    ];
    let mut resources = rooms.iter();
    let resource = resources.find_map(|resource| resource(&state.settings, path));
    match resource {
        Some(resource) => resource.answer(state, request),
        None => answer::text(StatusCode::NOT_FOUND, "not found"),
    }
}

type Handler = fn(&mut State, &Recorded) -> Answer;

/// What is behind a path, by method.
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

    fn answer(&self, state: &mut State, request: &Recorded) -> Answer {
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
