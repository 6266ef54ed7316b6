//! The end of a saved form: a small sealed cookie for the layer's own pages, which says that it was sent or discarded.

use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::{
    flow::Flow,
    seal::FORM_LIFE,
    web::{reply::Reply, return_to::FormId},
};

/// A browser holds so many. Each is needed while its page may be loaded again.
const MOST: usize = 8;
/// The longest value that is looked at.
const LONGEST: usize = 256;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum End {
    Sent,
    Discarded,
}

/// How the form ended, if it did.
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

/// Remembers it for as long as the form could have lived.
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

/// The oldest go for one more.
pub(super) fn make_room(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let held = config.cookies.all_form_ends(headers);
    let ours = held.filter(|(name, value)| config.form_sealer.opens(name, value, now));
    let names: Vec<_> = ours.map(|(name, _)| name).take(4 * MOST).collect();
    let surplus = (names.len() + 1).saturating_sub(MOST);
    let gone = names.into_iter().take(surplus);
    gone.fold(reply, |reply, name| {
        reply.cookie_if_it_fits(config.cookies.delete_at(config.prefix.as_str(), &name))
    })
}
