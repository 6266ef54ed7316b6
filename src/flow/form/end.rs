//! The end of a saved form: a small sealed cookie that says that the form was sent or discarded.
//!
//! Browsers send the cookie to the layer's own paths alone. Without it, a reload of the form's page
//! could not say what became of the form.

use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::{
    flow::Flow,
    seal::FORM_LIFE,
    web::{reply::Reply, return_to::FormId},
};

/// The most of these cookies in one browser. Each is needed while its page may be loaded again.
/// Eight pages are more than a user reloads.
const MAX: usize = 8;
/// The content of the cookie: the form's id and its end.
pub(crate) type FormEnd = (FormId, End);

/// The end of a saved form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum End {
    /// The form went to its own address, or probably did.
    Sent,
    /// The user deleted the form.
    Discarded,
}

/// The end of a form, if it has ended. The id is compared as well, because the name holds only its
/// first characters.
pub(super) fn of(flow: &Flow, id: FormId, headers: &HeaderMap) -> Option<End> {
    let now = flow.config.clock.unix();
    let mut ends = flow.cookies.form_end.open(&id.text(), headers, now);
    ends.find_map(|(sealed, end)| (sealed == id).then_some(end))
}

/// The cookie with the end. It lives for the longest time that a form can. `None` if sealing fails.
pub(super) fn cookie(flow: &Flow, id: FormId, end: End) -> Option<HeaderValue> {
    let (cookie, now) = (&flow.cookies.form_end, flow.config.clock.unix());
    cookie.set(&cookie.seal(&id.text(), &(id, end), now)?, FORM_LIFE)
}

/// Deletes the oldest of these cookies, so that one more fits.
pub(super) fn delete_oldest(flow: &Flow, headers: &HeaderMap, reply: Reply) -> Reply {
    let (cookie, now) = (&flow.cookies.form_end, flow.config.clock.unix());
    let ours = cookie.sealed_here(headers, now);
    // A request can carry any number of cookies, so a few times the limit is enough for one reply.
    let names: Vec<_> = ours.map(|(name, _)| name).take(4 * MAX).collect();
    let surplus = (names.len() + 1).saturating_sub(MAX);
    let gone = names.into_iter().take(surplus);
    gone.fold(reply, |reply, name| {
        reply.cookie_if_it_fits(cookie.delete_named(&name))
    })
}
