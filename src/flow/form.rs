//! A form that needs a login first: saved, and offered again by the callback of that very login.

use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY},
    request::Parts,
};

use super::{Flow, demand, same_origin, unauthorized};
use crate::{
    body::RequestBody,
    failure::Reason,
    language::Language,
    page,
    reply::Reply,
    return_to::{FormId, ReturnTo},
    saved_form::{self, Owner, SavedForm},
    session::Session,
    user::VerifiedUser,
};

/// A longer cookie does not fit into one answer beside a link, and browsers keep none of more than 4096 bytes
/// (RFC 6265bis section 5.6).
const LONGEST_COOKIE: usize = 3400;

/// Whether it is a form, by its headers, that a page of this origin sent and nobody else could have.
pub(super) fn is_form(flow: &Flow, method: &Method, headers: &HeaderMap) -> bool {
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    let mut kinds = headers.get_all(CONTENT_TYPE).iter();
    let kind = kinds.next().filter(|_| kinds.next().is_none());
    flow.config.saves_forms
        && *method == Method::POST
        && kind.is_some_and(|kind| kind.as_bytes().eq_ignore_ascii_case(FORM))
        && same_origin::is_navigation(headers, flow.config.origin.as_str())
}

/// To the login, with the form in a cookie; 401 if it cannot be saved whole.
pub(super) async fn save(flow: &Flow, reason: Reason, head: &Parts, body: RequestBody) -> Reply {
    let body = body.read().await.ok();
    match body.and_then(|body| seal(flow, head, &body)) {
        Some((id, cookie)) => {
            let return_to = demand::page_before(flow, head).with_form(Some(id));
            let login = demand::login_to(flow, reason, head, &return_to);
            let reply = Reply::empty(StatusCode::SEE_OTHER).cookie(Some(cookie));
            if reply.fits_link(&login) {
                return reply.leading_to(&login);
            }
            let home = ReturnTo::home().with_form(Some(id));
            reply.leading_to(&demand::login_to(flow, reason, head, &home))
        }
        None => {
            let login = demand::login_link(flow, reason, head);
            unauthorized::answer(flow, reason, &login, head)
        }
    }
}

fn seal(flow: &Flow, head: &Parts, body: &[u8]) -> Option<(FormId, HeaderValue)> {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let asked = demand::asked(head);
    let action = flow.return_to(asked);
    if action.as_str() != asked {
        return None;
    }
    let form = SavedForm::new(asked, body, owner(flow, head), now)?;
    let name = config.cookies.form_name();
    let value = form.seal(&config.form_sealer, name)?;
    let cookie = config.cookies.set(name, &value, saved_form::LIFE)?;
    (cookie.len() < LONGEST_COOKIE).then_some((form.id, cookie))
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
    Some(Owner {
        binding: flow.by_name(&user.provider)?.binding,
        subject: user.subject.to_string(),
    })
}

/// After the login: to where the person wanted to go, or to the form first.
pub(super) fn go_on(
    flow: &Flow,
    return_to: &ReturnTo,
    session: &Session,
    headers: &HeaderMap,
) -> Reply {
    let away = || Reply::see_other(return_to.as_str());
    let Some(form) = held(flow, return_to, headers) else {
        return away();
    };
    let reply = if form.is_for(session) {
        offer(flow, &form, return_to, headers)
    } else {
        away()
    };
    let cookies = &flow.config.cookies;
    reply.cookie(cookies.delete(cookies.form_name()))
}

/// Deletes a saved form, if there is one.
pub(super) fn forget(flow: &Flow, headers: &HeaderMap) -> Option<HeaderValue> {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let (cookies, name) = (&config.cookies, config.cookies.form_name());
    let is_ours = config.form_sealer.opens(name, cookies.form(headers)?, now);
    is_ours.then(|| cookies.delete(name))?
}

/// The form that this login began with, unless another one took its place since.
fn held(flow: &Flow, return_to: &ReturnTo, headers: &HeaderMap) -> Option<SavedForm> {
    let (config, id) = (&flow.config, return_to.form()?);
    let (name, value) = (config.cookies.form_name(), config.cookies.form(headers)?);
    let form = SavedForm::open(&config.form_sealer, name, value, config.clock.unix())?;
    (form.id == id).then_some(form)
}

fn offer(flow: &Flow, form: &SavedForm, return_to: &ReturnTo, headers: &HeaderMap) -> Reply {
    let language = Language::preferred(headers);
    let page = page::saved_form::render(language, &form.action, &form.fields(), return_to.as_str());
    // So that the form names its origin, and not the callback's address.
    let referrer = HeaderValue::from_static("strict-origin");
    let policy = flow.config.policies.saved_form.clone();
    flow.page(StatusCode::OK, page)
        .header(REFERRER_POLICY, referrer)
        .header(CONTENT_SECURITY_POLICY, policy)
}
