//! The saved forms of a browser, each in a cookie of its own.

use http::{HeaderMap, HeaderValue};

use super::saved::SavedForm;
use crate::flow::Flow;
use crate::web::{reply::Reply, return_to::FormId};

/// Bytes of all saved forms in one browser, names included, so that servers' header limits stay far.
const MOST_BYTES: usize = 3400;
/// A sign-out deletes all of them in one answer.
const MOST: usize = 8;
/// A request may bring any number of cookies.
const LOOKED_AT: usize = 50;

/// A saved form that the browser brought.
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

pub(super) fn find(flow: &Flow, id: FormId, headers: &HeaderMap) -> Option<SavedForm> {
    find_by(flow, headers, |form| form.id == id)
}

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

/// Deletes the oldest forms that make way for one of `added` bytes. Lines that do not fit wait for the next answer.
pub(super) fn make_room(flow: &Flow, headers: &HeaderMap, added: usize, reply: Reply) -> Reply {
    let held = held(flow, headers);
    let mut bytes: usize = held.iter().map(|held| held.bytes).sum();
    let mut count = held.len();
    let gone = held.into_iter().take_while(|held| {
        let goes = count >= MOST || bytes + added > MOST_BYTES;
        count -= 1;
        bytes -= held.bytes;
        goes
    });
    gone.fold(reply, |reply, held| {
        reply.cookie_if_it_fits(flow.config.cookies.delete(&held.name))
    })
}

pub(super) fn delete(flow: &Flow, id: FormId) -> Option<HeaderValue> {
    let cookies = &flow.config.cookies;
    cookies.delete(&cookies.form(&id.text()))
}

/// At a sign-out. A cookie that does not open is another application's.
pub(crate) fn forget(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let cookies = config.cookies.all_forms(headers).take(LOOKED_AT);
    let ours = cookies.filter(|(name, value)| config.form_sealer.opens(name, value, now));
    ours.fold(reply, |reply, (name, _)| {
        reply.cookie(config.cookies.delete(&name))
    })
}
