//! `/auth/form?id=&return_to=`: the page of a saved form, until it is sent, discarded or over.
//!
//! GET sends nothing. A form without an owner becomes the form of the user who sees it first, and
//! nothing else changes.

use http::{HeaderMap, HeaderValue, StatusCode, header::REFERRER_POLICY, request::Parts};

use super::{
    end::{self, End},
    kept,
    page_query::{PageQuery, State},
    saved::SavedForm,
};
use crate::{
    error::refusal::Reason,
    flow::{
        Flow,
        refuse::{self, unauthorized},
        request::{link, navigation, same_origin},
    },
    page::{
        saved_form::{self, FormStatus, Links, Offer},
        texts::Texts,
    },
    session::Session,
    web::{
        reply::Reply,
        return_to::{FormId, ReturnTo},
    },
};

/// The longest link. If it would be longer, the return address is left out, because the reply to a
/// callback has cookies beside it.
const MAX_LINK_BYTES: usize = 2000;

/// The link of the page.
pub(super) fn link(flow: &Flow, id: FormId, place: &ReturnTo) -> String {
    at(flow, &flow.config.prefix.form(), id, place)
}

/// A link to one of the form's paths.
fn at(flow: &Flow, path: &str, id: FormId, place: &ReturnTo) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("id", &id.text());
    if place.as_str() != flow.home().as_str() {
        query.append_pair("return_to", place.as_str());
    }
    let link = format!("{path}?{}", query.finish());
    if link.len() <= MAX_LINK_BYTES {
        return link;
    }
    // The start page adds nothing to the query, so this call ends.
    at(flow, path, id, &flow.home())
}

/// GET `/auth/form`.
pub(crate) fn show(flow: &Flow, head: &Parts) -> Reply {
    let headers = &head.headers;
    // The page holds what the user wrote, so a script or a frame does not get it.
    if !navigation::may_navigate(headers) {
        let login = flow.config.prefix.login();
        return unauthorized::reply(flow, Reason::NoSession, &login, head);
    }
    let query = PageQuery::read(flow, head);
    match (query.state(flow, headers), query.id) {
        (State::Open(open), Some(id)) => offer(flow, &query, id, *open, headers),
        (State::Unknown, _) => refuse::unavailable(flow, head),
        (state, id) => explain(flow, &query, id, &state, headers),
    }
}

/// The page with the fields and the buttons. A form without an owner gets its owner with this
/// reply.
fn offer(
    flow: &Flow,
    query: &PageQuery,
    id: FormId,
    (form, session): (SavedForm, Session),
    headers: &HeaderMap,
) -> Reply {
    let prefix = &flow.config.prefix;
    let again = if query.again { "&again" } else { "" };
    let page = saved_form::offer(
        Texts::preferred(headers),
        &Offer {
            action: &form.action,
            fields: &form.fields(),
            send: &format!("{}{again}", at(flow, &prefix.form(), id, &query.place)),
            discard: &at(flow, &prefix.discarded_form(), id, &query.place),
        },
    );
    // The application's cross-site check needs the origin of the form. The address of this page has
    // the form's id and is not sent.
    let referrer = HeaderValue::from_static("strict-origin");
    let policy = &flow.config.policies.saved_form;
    let owned = form.owned_by(&session);
    flow.page_under(policy, StatusCode::OK, page)
        .header(REFERRER_POLICY, referrer)
        .cookie(owned.and_then(|form| kept::cookie(flow, &form)))
}

/// The page of a form that cannot be sent, with the reason and a way on. The status is 200 for a
/// form that has ended as the user wanted, because nothing went wrong.
fn explain(
    flow: &Flow,
    query: &PageQuery,
    id: Option<FormId>,
    state: &State,
    headers: &HeaderMap,
) -> Reply {
    let (code, status) = match state {
        State::Ended(End::Sent, Some(_)) => (StatusCode::OK, FormStatus::ProbablySent),
        State::Ended(End::Sent, None) => (StatusCode::OK, FormStatus::Sent),
        State::Ended(End::Discarded, _) => (StatusCode::OK, FormStatus::Discarded),
        State::SignedOut => (StatusCode::UNAUTHORIZED, FormStatus::SignedOut),
        State::OfAnotherUser => (StatusCode::FORBIDDEN, FormStatus::OfAnotherUser),
        State::Gone | State::Open(_) | State::Unknown => (StatusCode::GONE, FormStatus::Gone),
    };
    let back = query.place.clone().with_form(id);
    let login = flow.login_link(None, &back);
    let login = match status {
        FormStatus::SignedOut => Some(login),
        FormStatus::OfAnotherUser => Some(link::for_fresh_sign_in(login)),
        FormStatus::Sent | FormStatus::ProbablySent | FormStatus::Discarded | FormStatus::Gone => {
            None
        }
    };
    let form = match (state, id) {
        (State::Ended(_, Some(_)), Some(id)) => Some(format!("{}&again", link(flow, id, &back))),
        (State::Gone, _) => kept::last(flow, headers).map(|id| link(flow, id, &back)),
        _ => None,
    };
    let links = Links {
        place: query.place.as_str(),
        login: login.as_deref(),
        form: form.as_deref(),
    };
    let page = saved_form::status(Texts::preferred(headers), status, &links);
    flow.html_page(code, page)
}

/// POST `/auth/form`, from the first button. 307 makes the browser send the same body to the
/// form's own address (RFC 9110 section 15.4.8). The form is deleted first, so that a second press
/// or the Back button does not send it again.
pub(crate) fn send(flow: &Flow, head: &Parts) -> Reply {
    let headers = &head.headers;
    // Another site that knew the id could otherwise send the form in the user's name.
    if same_origin::is_foreign(headers, flow.config.origin.as_str()) {
        return refuse::cross_site(flow, flow.home().as_str(), headers, None);
    }
    let query = PageQuery::read(flow, head);
    let (state, Some(id)) = (query.state(flow, headers), query.id) else {
        return Reply::see_other(&flow.config.prefix.form());
    };
    match state {
        // The address is checked again, because the settings may have changed since the form was
        // saved.
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
            let back = query.place.with_form(Some(id));
            Reply::see_other(&link::login_to(flow, Reason::NoSession, head, &back))
        }
        _ => Reply::see_other(&link(flow, id, &query.place)),
    }
}

/// POST `/auth/form/discard`, from the second button. A user whose session has ended may discard a
/// form, because that reveals nothing of it.
pub(crate) fn discard(flow: &Flow, head: &Parts) -> Reply {
    let headers = &head.headers;
    if same_origin::is_foreign(headers, flow.config.origin.as_str()) {
        return refuse::cross_site(flow, flow.home().as_str(), headers, None);
    }
    let query = PageQuery::read(flow, head);
    let place = Reply::see_other(query.place.as_str());
    match (query.state(flow, headers), query.id) {
        (State::Open(_) | State::SignedOut, Some(id)) => {
            ended(flow, id, End::Discarded, headers, place)
        }
        // The form was probably sent from its own page. Its cookie is deleted, and its end stays.
        (State::Ended(end, Some(_)), Some(id)) => ended(flow, id, end, headers, place),
        (_, Some(id)) => Reply::see_other(&link(flow, id, &query.place)),
        (_, None) => place,
    }
}

/// Replaces the form's cookie by one that says how it ended.
fn ended(flow: &Flow, id: FormId, end: End, headers: &HeaderMap, reply: Reply) -> Reply {
    let reply = reply
        .cookie(kept::delete(flow, id))
        .cookie(end::cookie(flow, id, end));
    end::delete_oldest(flow, headers, reply)
}
