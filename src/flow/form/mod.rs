//! Saved forms: a form that was sent without a session is kept and offered again after the
//! sign-in.
//!
//! 1. A POST of a form without a session reaches [`save`]. Its body goes sealed into a cookie of
//!    the browser (`saved.rs`), and the user goes to sign in.
//! 2. After the sign-in, [`go_on`] leads to the form's page (`offer.rs`). The page shows the fields
//!    and sends nothing by itself.
//! 3. The button posts the same bytes to the layer, which deletes the cookie and answers 307, so
//!    that the browser sends the form to its own address.
//!
//! Only a form that a page of this origin sent is saved. Another site could otherwise make a user
//! confirm a form of its choice. Only a form that hidden inputs reproduce byte for byte is saved,
//! so that the application gets the request that the user sent. A small cookie remembers that a
//! form was sent or discarded (`end.rs`), so that a reload of its page does not send it twice.
//! `kept.rs` bounds the bytes.

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

pub(crate) mod end;
mod kept;
pub(super) mod offer;
mod page_query;
pub(crate) mod saved;

/// The longest cookie of a form. It must fit into one reply beside a link, or beside the header
/// lines of its page, which adds the owner. Browsers keep no cookie of more than 4096 bytes (RFC
/// 6265bis section 5.6).
const LONGEST_COOKIE: usize = 3250;

/// Whether the request is a form that only a page of this origin can have sent, by its headers
/// alone.
pub(super) fn is_form(flow: &Flow, method: &Method, headers: &HeaderMap) -> bool {
    flow.config.plain.saves_forms
        && *method == Method::POST
        && is_urlencoded(headers)
        && same_origin::is_navigation(headers, flow.config.origin.as_str())
}

/// Whether the body has the one content type that is saved. A form with files has another, and
/// would not fit into a cookie.
fn is_urlencoded(headers: &HeaderMap) -> bool {
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    let kind = navigation::once(headers, &CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case(FORM))
}

/// The cookie that marks a saved form as probably sent, for a form that goes directly to the
/// application with the address and length of a saved one. The user probably went back and sent it
/// from its own page. The saved form stays, because the body is not read here. The form's page
/// warns before it is sent again.
pub(super) fn sent_directly(
    flow: &Flow,
    session: &Session,
    (method, uri): (&Method, &Uri),
    headers: &HeaderMap,
) -> Option<Box<Renewal>> {
    if !flow.config.plain.saves_forms || *method != Method::POST || !is_urlencoded(headers) {
        return None;
    }
    let length = navigation::once(headers, &CONTENT_LENGTH)?.to_str().ok()?;
    let length: usize = length.parse().ok()?;
    let requested = uri.path_and_query()?.as_str();
    let base = flow.config.prefix.base();
    let form = kept::find_by(flow, headers, |form| {
        let is_there = base.inner(&form.action) == Some(requested);
        form.length() == length && is_there && form.is_for(session)
    })?;
    Some(Box::new(Renewal {
        cookie: end::cookie(flow, form.id, end::End::Sent)?,
        id: session.user.session_id(),
    }))
}

/// The reason why a form is not saved.
enum Unsaved {
    /// The form does not fit into a cookie. Its user gets 413.
    TooLarge,
    /// Hidden inputs would not send the same bytes again, or the body did not arrive. The user gets
    /// 401.
    Unfaithful,
}

/// Saves a form and redirects to the sign-in. A form that cannot be saved whole gets 413 or 401.
///
/// The user comes back to the page that held the form, taken from `Referer`, after the form was
/// sent or discarded.
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
                Unsaved::Unfaithful => unauthorized::reply(flow, reason, &login, head),
            };
        }
    };
    let length = cookie.len();
    let reply = Reply::empty(StatusCode::SEE_OTHER).cookie(Some(cookie));
    // The user comes back to the page that held the form, because the form's own address may take
    // no GET.
    let place = target::page_before(flow, head).with_form(Some(id));
    let login = link::login_to(flow, reason, head, &place);
    let reply = if reply.fits_link(&login) {
        reply.leading_to(&login)
    } else {
        // The id is short and stays. Only the page before is lost.
        let home = flow.home().with_form(Some(id));
        reply.leading_to(&link::login_to(flow, reason, head, &home))
    };
    kept::delete_oldest(flow, &head.headers, length, reply)
}

/// Makes the cookie of the form. An address that the layer would not redirect to is refused here
/// and not after the sign-in.
fn seal(flow: &Flow, head: &Parts, body: &[u8]) -> Result<(FormId, HeaderValue), Unsaved> {
    if body.len() > saved::LONGEST {
        return Err(Unsaved::TooLarge);
    }
    let now = flow.config.clock.unix();
    let requested = target::requested(flow, head);
    // The address is checked now, because the redirect to it comes after the sign-in.
    if flow.return_to(&requested).as_str() != requested {
        return Err(Unsaved::Unfaithful);
    }
    let form =
        SavedForm::new(&requested, body, owner(flow, head), now).ok_or(Unsaved::Unfaithful)?;
    let cookie = kept::cookie(flow, &form).ok_or(Unsaved::Unfaithful)?;
    if cookie.len() >= LONGEST_COOKIE {
        return Err(Unsaved::TooLarge);
    }
    Ok((form.id, cookie))
}

/// The user of the request's session, live or expired. The form is offered to that user alone.
fn owner(flow: &Flow, head: &Parts) -> Option<Owner> {
    let now = flow.config.clock.unix();
    let known: Vec<Session> = flow.opened(&head.headers, now).collect();
    // A live session has precedence. An expired one still shows whose form it is.
    let live = known.iter().find(|session| !session.is_over);
    if let Some(session) = live.or(known.first()) {
        return Some(Owner::of(session));
    }
    // A middleware may have removed the cookies on the way to the route.
    let user = head.extensions.get::<VerifiedUser>()?;
    let binding = flow.by_name(&user.provider)?.binding;
    Some(Owner::new(binding, &user.subject))
}

/// 303 after a sign-in, to the form's page if a form waits, else to the return address. A form that
/// is gone has a page that says so.
pub(super) fn go_on(flow: &Flow, place: &ReturnTo, headers: &HeaderMap) -> Reply {
    // The application may have switched saved forms off since.
    let form = place.form().filter(|_| flow.config.plain.saves_forms);
    match form.filter(|id| end::of(flow, *id, headers).is_none()) {
        Some(id) => Reply::see_other(&offer::link(flow, id, place)),
        None => Reply::see_other(place.as_str()),
    }
}

/// [`go_on`] for a repeated callback, whose user has seen the page. It leads to the form only
/// while that is still open.
pub(super) fn go_on_again(flow: &Flow, place: &ReturnTo, headers: &HeaderMap) -> Reply {
    let is_open = |id: &FormId| kept::find(flow, *id, headers).is_some();
    if place.form().as_ref().is_some_and(is_open) {
        return go_on(flow, place, headers);
    }
    Reply::see_other(place.as_str())
}
