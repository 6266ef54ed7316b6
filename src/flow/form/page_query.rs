//! The query of a saved form's page, and the state of the form that it names. The id in the query
//! proves nothing. The form is in the browser's sealed cookie, and belongs to one user.
//!
//! | cookie of the form | cookie of its end | session | state |
//! |---|---|---|---|
//! | there | none, or the user wants to see it again | of its user | [`State::Open`] |
//! | there | as above | of another user | [`State::OfAnotherUser`] |
//! | there | as above | none | [`State::SignedOut`] |
//! | there | as above | cannot be checked yet | [`State::Unknown`] |
//! | any | there | any | [`State::Ended`] |
//! | none | none | any | [`State::Gone`] |

use http::{HeaderMap, request::Parts};

use super::{
    end::{self, End},
    kept,
    saved::SavedForm,
};
use crate::{
    error::refusal::Reason,
    flow::Flow,
    session::Session,
    web::return_to::{FormId, ReturnTo},
};

/// The query of the page.
pub(super) struct PageQuery {
    /// The form's id. `None` if the query has none or a malformed one.
    pub(super) id: Option<FormId>,
    /// The page to go on to.
    pub(super) place: ReturnTo,
    /// The user wants to see a form that was probably sent already.
    pub(super) again: bool,
}

/// The state of the form that a request names.
pub(super) enum State {
    /// The form can be sent by the user of this session.
    Open(Box<(SavedForm, Session)>),
    /// There is no session.
    SignedOut,
    /// The form belongs to another user.
    OfAnotherUser,
    /// The form was sent or discarded. The second value is the form, if its cookie is still there.
    /// That is so if the form went directly to the application, where the layer did not read it.
    Ended(End, Option<SavedForm>),
    /// The browser has no such form.
    Gone,
    /// This replica cannot check sessions yet.
    Unknown,
}

impl PageQuery {
    /// Reads the query of a request.
    pub(super) fn read(flow: &Flow, head: &Parts) -> Self {
        let mut query = Self {
            id: None,
            place: flow.home(),
            again: false,
        };
        let text = head.uri.query().unwrap_or_default();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            match &*name {
                "id" => query.id = FormId::parse(&value),
                "return_to" => query.place = flow.return_to(&value),
                "again" => query.again = true,
                _ => {}
            }
        }
        query
    }

    /// The state of the form. A form that has ended counts as open if the user wants to see it
    /// again.
    pub(super) fn state(&self, flow: &Flow, headers: &HeaderMap) -> State {
        let Some(id) = self.id else {
            return State::Gone;
        };
        let form = kept::find(flow, id, headers);
        match (form, end::of(flow, id, headers)) {
            (Some(form), None) => of(flow, form, headers),
            (Some(form), Some(_)) if self.again => of(flow, form, headers),
            (form, Some(end)) => State::Ended(end, form),
            (None, None) => State::Gone,
        }
    }
}

/// The state of a form that is there and was not sent, by the session of the request.
fn of(flow: &Flow, form: SavedForm, headers: &HeaderMap) -> State {
    match flow.session(headers, flow.config.clock.unix()) {
        Ok(session) if form.is_for(&session) => State::Open(Box::new((form, session))),
        Ok(_) => State::OfAnotherUser,
        Err(Reason::NotCaughtUp) => State::Unknown,
        Err(_) => State::SignedOut,
    }
}
