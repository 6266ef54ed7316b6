//! The saved forms of a browser, each in a cookie of its own, and the limit on their bytes.
//!
//! A new form deletes the oldest ones in place of being refused, because its user expects the form
//! that was sent last.

use http::{HeaderMap, HeaderValue};

use super::saved::SavedForm;
use crate::{
    flow::Flow,
    seal::OpenedCookie,
    web::{reply::Reply, return_to::FormId},
};

/// The most bytes of saved forms in one browser, names included. The browser sends them with every
/// request, and servers limit the `Cookie` header.
const MAX_BYTES: usize = 3400;
/// The most saved forms. A sign-out deletes all of them in one reply.
const MAX: usize = 8;

/// The forms of this layer that are not over, the oldest first.
fn held(flow: &Flow, headers: &HeaderMap) -> Vec<OpenedCookie<SavedForm>> {
    let now = flow.config.clock.unix();
    let forms = flow.cookies.form.open_all(headers, now);
    // A browser may ignore `Max-Age`.
    forms.filter(|form| !form.value.is_over(now)).collect()
}

/// The form with this id. `None` if it is over, was deleted, or is in another browser.
pub(super) fn find(flow: &Flow, id: FormId, headers: &HeaderMap) -> Option<SavedForm> {
    find_by(flow, headers, |form| form.id == id)
}

/// The first form that `is_it` accepts.
pub(super) fn find_by(
    flow: &Flow,
    headers: &HeaderMap,
    is_it: impl Fn(&SavedForm) -> bool,
) -> Option<SavedForm> {
    let held = held(flow, headers).into_iter();
    held.map(|held| held.value).find(is_it)
}

/// The form that was saved last. It is offered on the page of a form that is gone.
pub(super) fn last(flow: &Flow, headers: &HeaderMap) -> Option<FormId> {
    held(flow, headers).last().map(|held| held.value.id)
}

/// The cookie of a form. A form that is saved again, with its owner, keeps its time. `None` if
/// sealing fails.
pub(super) fn cookie(flow: &Flow, form: &SavedForm) -> Option<HeaderValue> {
    let (cookie, now) = (&flow.cookies.form, flow.config.clock.unix());
    let sealed = cookie.seal(&form.id.text(), form, form.saved_at())?;
    cookie.set(&sealed, form.left(now))
}

/// Deletes the oldest forms that make way for one of `added` bytes. Deletions that do not fit into
/// this reply wait for the next one.
pub(super) fn delete_oldest(flow: &Flow, headers: &HeaderMap, added: usize, reply: Reply) -> Reply {
    let held = held(flow, headers);
    let mut bytes: usize = held.iter().map(|held| held.bytes).sum();
    let mut count = held.len();
    let gone = held.into_iter().take_while(|held| {
        // One more form must fit by number and by bytes.
        let goes = count >= MAX || bytes + added > MAX_BYTES;
        count -= 1;
        bytes -= held.bytes;
        goes
    });
    gone.fold(reply, |reply, held| {
        reply.cookie_if_it_fits(flow.cookies.form.delete_named(&held.name))
    })
}

/// Deletes the cookie of a form.
pub(super) fn delete(flow: &Flow, id: FormId) -> Option<HeaderValue> {
    flow.cookies.form.delete(&id.text())
}

/// Deletes all forms at a sign-out. A cookie that does not open belongs to another application.
pub(crate) fn forget(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    let (cookie, now) = (&flow.cookies.form, flow.config.clock.unix());
    let ours = cookie.sealed_here(headers, now);
    ours.fold(reply, |reply, (name, _)| {
        reply.cookie(cookie.delete_named(&name))
    })
}
