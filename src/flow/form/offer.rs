//! `/auth/form?id=&return_to=`: the page of a saved form, until it is sent, discarded or over. GET changes nothing but the owner
//! of a form that has none.

use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    request::Parts,
};

use super::{
    end::{self, End},
    kept,
    saved::SavedForm,
};
use crate::{
    error::refusal::Reason,
    flow::{
        Flow,
        refuse::{self, unauthorized},
        request::{link, navigation, same_origin},
    },
    page::saved_form::{self, Links, Offer, Said},
    session::Session,
    web::{
        language::Language,
        reply::Reply,
        return_to::{FormId, ReturnTo},
    },
};

/// A longer link is made without the place: the answer of a callback has cookies beside it.
const MOST_LINK: usize = 2000;

/// The query of the page.
struct Asked {
    id: Option<FormId>,
    place: ReturnTo,
    /// The user wants to see a form that was probably sent already.
    again: bool,
}

/// The form that a request names, as the browser holds it now.
enum State {
    Open(Box<(SavedForm, Session)>),
    SignedOut,
    OfAnotherUser,
    Ended(End, Option<SavedForm>),
    Gone,
    /// Sessions cannot be judged yet.
    Unknown,
}

impl Asked {
    fn read(flow: &Flow, head: &Parts) -> Self {
        let mut asked = Self {
            id: None,
            place: flow.home(),
            again: false,
        };
        let query = head.uri.query().unwrap_or_default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "id" => asked.id = FormId::parse(&value),
                "return_to" => asked.place = flow.return_to(&value),
                "again" => asked.again = true,
                _ => {}
            }
        }
        asked
    }

    fn state(&self, flow: &Flow, headers: &HeaderMap) -> State {
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

fn of(flow: &Flow, form: SavedForm, headers: &HeaderMap) -> State {
    match flow.session(headers, flow.config.clock.unix()) {
        Ok(session) if form.is_for(&session) => State::Open(Box::new((form, session))),
        Ok(_) => State::OfAnotherUser,
        Err(Reason::NotCaughtUp) => State::Unknown,
        Err(_) => State::SignedOut,
    }
}

/// The link of the page.
pub(super) fn link(flow: &Flow, id: FormId, place: &ReturnTo) -> String {
    at(flow, &flow.config.prefix.form(), id, place)
}

fn at(flow: &Flow, path: &str, id: FormId, place: &ReturnTo) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("id", &id.text());
    if place.as_str() != flow.home().as_str() {
        query.append_pair("return_to", place.as_str());
    }
    let link = format!("{path}?{}", query.finish());
    if link.len() <= MOST_LINK {
        return link;
    }
    at(flow, path, id, &flow.home())
}

/// GET.
pub(crate) fn answer(flow: &Flow, head: &Parts) -> Reply {
    let headers = &head.headers;
    if !navigation::may_navigate(headers) {
        let login = flow.config.prefix.login();
        return unauthorized::answer(flow, Reason::NoSession, &login, head);
    }
    let asked = Asked::read(flow, head);
    match (asked.state(flow, headers), asked.id) {
        (State::Open(open), Some(id)) => offer(flow, &asked, id, *open, headers),
        (State::Unknown, _) => refuse::unavailable(flow, head),
        (state, id) => says(flow, &asked, id, &state, headers),
    }
}

fn offer(
    flow: &Flow,
    asked: &Asked,
    id: FormId,
    (form, session): (SavedForm, Session),
    headers: &HeaderMap,
) -> Reply {
    let prefix = &flow.config.prefix;
    let again = if asked.again { "&again" } else { "" };
    let page = saved_form::offer(
        Language::preferred(headers),
        &Offer {
            action: &form.action,
            fields: &form.fields(),
            send: &format!("{}{again}", at(flow, &prefix.form(), id, &asked.place)),
            discard: &at(flow, &prefix.discarded_form(), id, &asked.place),
        },
    );
    // The form then names its origin, and not the address of this page.
    let referrer = HeaderValue::from_static("strict-origin");
    let policy = flow.config.policies.saved_form.clone();
    let owned = form.owned_by(&session);
    flow.page(StatusCode::OK, page)
        .header(REFERRER_POLICY, referrer)
        .header(CONTENT_SECURITY_POLICY, policy)
        .cookie(owned.and_then(|form| kept::cookie(flow, &form)))
}

/// Every other state has a page that leads on.
fn says(
    flow: &Flow,
    asked: &Asked,
    id: Option<FormId>,
    state: &State,
    headers: &HeaderMap,
) -> Reply {
    let (status, said) = match state {
        State::Ended(End::Sent, Some(_)) => (StatusCode::OK, Said::ProbablySent),
        State::Ended(End::Sent, None) => (StatusCode::OK, Said::Sent),
        State::Ended(End::Discarded, _) => (StatusCode::OK, Said::Discarded),
        State::SignedOut => (StatusCode::UNAUTHORIZED, Said::SignedOut),
        State::OfAnotherUser => (StatusCode::FORBIDDEN, Said::OfAnotherUser),
        State::Gone | State::Open(_) | State::Unknown => (StatusCode::GONE, Said::Gone),
    };
    let back = asked.place.clone().with_form(id);
    let login = flow.login_link(None, &back);
    let login = match said {
        Said::SignedOut => Some(login),
        Said::OfAnotherUser => Some(link::afresh(login)),
        Said::Sent | Said::ProbablySent | Said::Discarded | Said::Gone => None,
    };
    let form = match (state, id) {
        (State::Ended(_, Some(_)), Some(id)) => Some(format!("{}&again", link(flow, id, &back))),
        (State::Gone, _) => kept::last(flow, headers).map(|id| link(flow, id, &back)),
        _ => None,
    };
    let links = Links {
        place: asked.place.as_str(),
        login: login.as_deref(),
        form: form.as_deref(),
    };
    let page = saved_form::say(Language::preferred(headers), said, &links);
    flow.page(status, page)
}

/// POST, from the button of the page: 307 lets the browser send the same body to the form's own address (RFC 9110 section
/// 15.4.8). The form is deleted first, so that no second press and no Back sends it again.
pub(crate) fn send(flow: &Flow, head: &Parts) -> Reply {
    let headers = &head.headers;
    if same_origin::is_foreign(headers, flow.config.origin.as_str()) {
        return refuse::cross_site(flow, flow.home().as_str(), headers, None);
    }
    let asked = Asked::read(flow, head);
    let (state, Some(id)) = (asked.state(flow, headers), asked.id) else {
        return Reply::see_other(&flow.config.prefix.form());
    };
    match state {
        State::Open(open) if flow.return_to(&open.0.action).as_str() == open.0.action => {
            let reply = Reply::empty(StatusCode::TEMPORARY_REDIRECT);
            ended(
                flow,
                id,
                End::Sent,
                headers,
                reply.leading_to(&open.0.action),
            )
        }
        State::Unknown => refuse::unavailable(flow, head),
        State::SignedOut => {
            let back = asked.place.with_form(Some(id));
            Reply::see_other(&link::login_to(flow, Reason::NoSession, head, &back))
        }
        _ => Reply::see_other(&link(flow, id, &asked.place)),
    }
}

/// POST, from the second button.
pub(crate) fn discard(flow: &Flow, head: &Parts) -> Reply {
    let headers = &head.headers;
    if same_origin::is_foreign(headers, flow.config.origin.as_str()) {
        return refuse::cross_site(flow, flow.home().as_str(), headers, None);
    }
    let asked = Asked::read(flow, head);
    let place = Reply::see_other(asked.place.as_str());
    match (asked.state(flow, headers), asked.id) {
        (State::Open(_) | State::SignedOut, Some(id)) => {
            ended(flow, id, End::Discarded, headers, place)
        }
        (State::Ended(end, Some(_)), Some(id)) => ended(flow, id, end, headers, place),
        (_, Some(id)) => Reply::see_other(&link(flow, id, &asked.place)),
        (_, None) => place,
    }
}

fn ended(flow: &Flow, id: FormId, end: End, headers: &HeaderMap, reply: Reply) -> Reply {
    let reply = reply
        .cookie(kept::delete(flow, id))
        .cookie(end::cookie(flow, id, end));
    end::make_room(flow, headers, reply)
}
