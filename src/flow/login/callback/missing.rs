//! A callback without its pending cookie. The page says why, as far as the request shows it, and
//! leads to the return address.

use http::HeaderMap;

use super::{attempt, refused};
use crate::{
    error::LoginErrorKind,
    flow::{
        Flow, Registered,
        login::state::{Begun, Host},
    },
    seal::PENDING_LIFE,
    web::reply::Reply,
};

/// Sends a user who is signed in to the return address. Any other user gets a page with a link to
/// the sign-in, which leads to the return address.
pub(crate) fn reply(flow: &Flow, provider: &Registered, state: &str, headers: &HeaderMap) -> Reply {
    let begun = attempt::begun(flow, provider, state);
    // The sealed `state` holds the address. A forged one does not open, and leads to the start
    // page.
    let place = begun.as_ref().and_then(|begun| begun.place.clone());
    let place = place.unwrap_or_else(|| flow.home());
    if flow.is_signed_in(headers) {
        return Reply::see_other(place.as_str());
    }
    let kind = cause(flow, state, begun.as_ref(), headers);
    refused(flow, provider, kind, &place, headers)
}

/// The reason, the most specific first. The sealed part of the `state` says when and on which host
/// the sign-in began. A browser that sends no cookie of the layer probably blocks cookies.
/// Otherwise the sign-in began in another window, or its `state` was used before.
fn cause(flow: &Flow, state: &str, begun: Option<&Begun>, headers: &HeaderMap) -> LoginErrorKind {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    match begun {
        Some(begun) if now >= begun.at.after(PENDING_LIFE) => LoginErrorKind::LoginExpired,
        Some(begun) if begun.host.differs(Host::of(headers)) => LoginErrorKind::OtherHost,
        _ if !config.cookies.has_any(headers) => LoginErrorKind::NoCookies,
        Some(_) if !flow.used_states.contains_text(state) => LoginErrorKind::OtherWindow,
        Some(_) | None => LoginErrorKind::UnknownState,
    }
}
