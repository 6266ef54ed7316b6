//! The saved forms of a browser, each in a cookie of its own, and the limit on their bytes.

use http::{HeaderMap, HeaderValue};

use super::saved::SavedForm;
use crate::flow::Flow;
use crate::web::{reply::Reply, return_to::FormId};

/// The most bytes of saved forms in one browser, names included. The browser sends them with every
/// request, and servers limit the `Cookie` header.
const MAX_BYTES: usize = 3400;
/// The most saved forms. A sign-out deletes all of them in one reply.
const MAX: usize = 8;
/// The number of cookies that are opened. A request can carry any number.
const LOOKED_AT: usize = 50;

/// A saved form in a cookie of the request.
struct Held {
    name: String,
    bytes: usize,
    form: SavedForm,
}

/// The forms of this layer that are not over, the oldest first.
fn held(flow: &Flow, headers: &HeaderMap) -> Vec<Held> {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let cookies = config.cookies.all_forms(headers).take(LOOKED_AT);
    let opened = cookies.filter_map(|(name, value)| {
        let form = SavedForm::open(&config.form_sealer, &name, value, now)?;
        let bytes = name.len() + value.len();
        Some(Held { name, bytes, form })
    });
    opened.collect()
}

/// The form with this id.
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
    held.map(|held| held.form).find(is_it)
}

/// The form that was saved last.
pub(super) fn last(flow: &Flow, headers: &HeaderMap) -> Option<FormId> {
    held(flow, headers).last().map(|held| held.form.id)
}

/// The cookie of a form.
pub(super) fn cookie(flow: &Flow, form: &SavedForm) -> Option<HeaderValue> {
    let config = &flow.config;
    let name = config.cookies.form(&form.id.text());
    let value = form.seal(&config.form_sealer, &name)?;
    let left = form.left(config.clock.unix());
    config.cookies.set(&name, &value, left)
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
        reply.cookie_if_it_fits(flow.config.cookies.delete(&held.name))
    })
}

/// Deletes the cookie of a form.
pub(super) fn delete(flow: &Flow, id: FormId) -> Option<HeaderValue> {
    let cookies = &flow.config.cookies;
    cookies.delete(&cookies.form(&id.text()))
}

/// Deletes all forms at a sign-out. A cookie that does not open belongs to another application.
pub(crate) fn forget(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let cookies = config.cookies.all_forms(headers).take(LOOKED_AT);
    let ours = cookies.filter(|(name, value)| config.form_sealer.opens(name, value, now));
    ours.fold(reply, |reply, (name, _)| {
        reply.cookie(config.cookies.delete(&name))
    })
}
