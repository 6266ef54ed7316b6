//! A form that needs a login first: saved, and offered again on a page of its own after the sign-in.

use http::{
    HeaderMap, HeaderValue, Method, StatusCode, Uri,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
    request::Parts,
};

use self::saved::{Owner, SavedForm};
use super::{
    Flow, Renewal,
    refuse::unauthorized,
    request::{navigation, same_origin},
};
use crate::{
    error::refusal::Reason,
    flow::request::{link, target},
    session::{Session, user::VerifiedUser},
    web::{
        reply::Reply,
        request_body::{RequestBody, Unread},
        return_to::{FormId, ReturnTo},
    },
};

pub(super) use kept::forget;

mod end;
mod kept;
pub(super) mod offer;
pub(crate) mod saved;

/// A longer cookie does not fit into one answer beside a link, or beside the lines of the page, which adds the owner; and
/// browsers keep none of more than 4096 bytes (RFC 6265bis section 5.6).
const LONGEST_COOKIE: usize = 3250;

/// Tells by the headers whether the request is a form that only a page of this origin can have sent.
pub(super) fn is_form(flow: &Flow, method: &Method, headers: &HeaderMap) -> bool {
    flow.config.saves_forms
        && *method == Method::POST
        && is_urlencoded(headers)
        && same_origin::is_navigation(headers, flow.config.origin.as_str())
}

fn is_urlencoded(headers: &HeaderMap) -> bool {
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    let kind = navigation::once(headers, &CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case(FORM))
}

/// A form with the address and the length of a saved one: the user has probably sent that one, from its own page. It stays,
/// as the body is not read here, and its page asks before it is sent again.
pub(super) fn sent_directly(
    flow: &Flow,
    session: &Session,
    (method, uri): (&Method, &Uri),
    headers: &HeaderMap,
) -> Option<Box<Renewal>> {
    if !flow.config.saves_forms || *method != Method::POST || !is_urlencoded(headers) {
        return None;
    }
    let length = navigation::once(headers, &CONTENT_LENGTH)?.to_str().ok()?;
    let length: usize = length.parse().ok()?;
    let asked = uri.path_and_query()?.as_str();
    let base = flow.config.prefix.base();
    let form = kept::find_by(flow, headers, |form| {
        let is_there = base.inner(&form.action) == Some(asked);
        form.length() == length && is_there && form.is_for(session)
    })?;
    Some(Box::new(Renewal {
        cookie: end::cookie(flow, form.id, end::End::Sent)?,
        id: session.user.session_id,
    }))
}

/// Why a form is not saved.
enum Unsaved {
    TooLarge,
    /// Hidden inputs would not send the same bytes again, or the body did not arrive.
    Unfaithful,
}

/// To the login, with the form in a cookie; 413 or 401 if it cannot be saved whole.
pub(super) async fn save(flow: &Flow, reason: Reason, head: &Parts, body: RequestBody) -> Reply {
    let saved = match body.read().await {
        Ok(body) => seal(flow, head, &body),
        Err(Unread::TooLong) => Err(Unsaved::TooLarge),
        Err(Unread::TooSlow | Unread::Broken) => Err(Unsaved::Unfaithful),
    };
    let (id, cookie) = match saved {
        Ok(saved) => saved,
        Err(unsaved) => {
            let login = link::login_link(flow, reason, head);
            return match unsaved {
                Unsaved::TooLarge => unauthorized::too_large(flow, reason, &login, head),
                Unsaved::Unfaithful => unauthorized::answer(flow, reason, &login, head),
            };
        }
    };
    let length = cookie.len();
    let reply = Reply::empty(StatusCode::SEE_OTHER).cookie(Some(cookie));
    let place = target::page_before(flow, head).with_form(Some(id));
    let login = link::login_to(flow, reason, head, &place);
    let reply = if reply.fits_link(&login) {
        reply.leading_to(&login)
    } else {
        let home = flow.home().with_form(Some(id));
        reply.leading_to(&link::login_to(flow, reason, head, &home))
    };
    kept::make_room(flow, &head.headers, length, reply)
}

fn seal(flow: &Flow, head: &Parts, body: &[u8]) -> Result<(FormId, HeaderValue), Unsaved> {
    if body.len() > saved::LONGEST {
        return Err(Unsaved::TooLarge);
    }
    let now = flow.config.clock.unix();
    let asked = target::asked(flow, head);
    if flow.return_to(&asked).as_str() != asked {
        return Err(Unsaved::Unfaithful);
    }
    let form = SavedForm::new(&asked, body, owner(flow, head), now).ok_or(Unsaved::Unfaithful)?;
    let cookie = kept::cookie(flow, &form).ok_or(Unsaved::Unfaithful)?;
    if cookie.len() >= LONGEST_COOKIE {
        return Err(Unsaved::TooLarge);
    }
    Ok((form.id, cookie))
}

fn owner(flow: &Flow, head: &Parts) -> Option<Owner> {
    let now = flow.config.clock.unix();
    let known: Vec<Session> = flow.opened(&head.headers, now).collect();
    let live = known.iter().find(|session| !session.is_over);
    if let Some(session) = live.or(known.first()) {
        return Some(Owner::of(session));
    }
    // The cookies may have been taken out on the way to the route.
    let user = head.extensions.get::<VerifiedUser>()?;
    let binding = flow.by_name(&user.provider)?.binding;
    Some(Owner::new(binding, &user.subject))
}

/// After the sign-in: to the place, or to the form's page first. A form that is not there has a page that says so.
pub(super) fn go_on(flow: &Flow, place: &ReturnTo, headers: &HeaderMap) -> Reply {
    let form = place.form().filter(|_| flow.config.saves_forms);
    match form.filter(|id| end::of(flow, *id, headers).is_none()) {
        Some(id) => Reply::see_other(&offer::link(flow, id, place)),
        None => Reply::see_other(place.as_str()),
    }
}

/// The same once more, when the user has seen that page: to the form only while it is open.
pub(super) fn go_on_again(flow: &Flow, place: &ReturnTo, headers: &HeaderMap) -> Reply {
    let is_open = |id: &FormId| kept::find(flow, *id, headers).is_some();
    if place.form().as_ref().is_some_and(is_open) {
        return go_on(flow, place, headers);
    }
    Reply::see_other(place.as_str())
}
