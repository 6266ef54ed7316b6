//! The end of a saved form: a small sealed cookie that says that the form was sent or discarded.
//! Browsers send it to the layer's own paths alone.

use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::{
    flow::Flow,
    seal::FORM_LIFE,
    web::{reply::Reply, return_to::FormId},
};

/// The most of these cookies in one browser. Each is needed while its page may be loaded again.
const MAX: usize = 8;
/// The longest value that is opened.
const LONGEST: usize = 256;

/// The end of a saved form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum End {
    Sent,
    Discarded,
}

/// The end of a form, if it has ended.
pub(super) fn of(flow: &Flow, id: FormId, headers: &HeaderMap) -> Option<End> {
    let config = &flow.config;
    let (name, now) = (config.cookies.form_end(&id.text()), config.clock.unix());
    let mut values = config.cookies.named(headers, &name);
    values.find_map(|value| {
        let mut buffer = vec![0; value.len().min(LONGEST)];
        let opened = config.form_sealer.open(&name, value, now, &mut buffer)?;
        let (sealed, end): (FormId, End) = postcard::from_bytes(opened.plain).ok()?;
        (sealed == id).then_some(end)
    })
}

/// The cookie with the end. It lives as long as the form could have.
pub(super) fn cookie(flow: &Flow, id: FormId, end: End) -> Option<HeaderValue> {
    let config = &flow.config;
    let name = config.cookies.form_end(&id.text());
    let plain = postcard::to_allocvec(&(id, end)).ok()?;
    let value = config
        .form_sealer
        .seal(&name, &plain, config.clock.unix())?;
    let path = config.prefix.as_str();
    let cookies = &config.cookies;
    cookies.set_at(path, &name, &value, FORM_LIFE)
}

/// Deletes the oldest of these cookies, so that one more fits.
pub(super) fn delete_oldest(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let held = config.cookies.all_form_ends(headers);
    let ours = held.filter(|(name, value)| config.form_sealer.opens(name, value, now));
    let names: Vec<_> = ours.map(|(name, _)| name).take(4 * MAX).collect();
    let surplus = (names.len() + 1).saturating_sub(MAX);
    let gone = names.into_iter().take(surplus);
    gone.fold(reply, |reply, name| {
        reply.cookie_if_it_fits(config.cookies.delete_at(config.prefix.as_str(), &name))
    })
}
