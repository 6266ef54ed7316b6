//! A finished sign-in, as the browser keeps it sealed in place of the pending cookie.
//!
//! It answers a callback that is loaded again, also at another replica or after a restart, where
//! the outcome is not known. The cookie holds the return address, and either the session's id or
//! the error. It never holds the session, so a copy of the cookie signs no user in.
//!
//! The cookie is sealed for the same purpose as the pending one, and is bound to the state and the
//! provider in the same way. A browser that kept the cookie of another sign-in gets nothing from
//! it.

use std::time::Duration;

use http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::{pending::Pending, state::StateId};
use crate::{
    clock::UnixTime,
    error::{KeptError, LoginError},
    language::Accepted,
    seal::PENDING_LIFE,
    session::{Binding, id::SessionId},
    web::{
        own_paths::Prefix,
        return_to::{FormId, ReturnTo},
    },
};

/// The most bytes of these cookies in one browser, names included. A few of them fit. An older one
/// is needed only if its user reloads an old callback.
pub(crate) const MAX_BYTES: usize = 1000;

/// A finished sign-in, opened.
#[derive(Debug)]
pub(crate) struct Finished {
    /// The return address. `None` if the `state` alone holds it.
    pub(crate) place: Option<ReturnTo>,
    /// The result, from which a reply is made again.
    pub(crate) end: End,
}

/// The way in which a sign-in ended.
#[derive(Debug)]
pub(crate) enum End {
    /// In a session with this id, which may have ended since.
    SignedIn(SessionId),
    /// In an error, whose page is shown again.
    Refused(LoginError),
    /// In a redirect to the provider, such as for the missing consent.
    Redirected,
}

/// The content of the cookie. A session and an error exclude each other. Neither means a redirect.
#[derive(Serialize, Deserialize)]
pub(crate) struct SealedEnd {
    /// The provider of the sign-in.
    binding: Binding,
    /// The hash of the `state`, which the callback must send again.
    state: StateId,
    /// The return address. `None` if the `state` alone holds it.
    place: Option<String>,
    /// A saved form that waits for the sign-in.
    form: Option<FormId>,
    /// The id of the session, for a sign-in that succeeded.
    session: Option<[u8; 16]>,
    /// The error, for a sign-in that was refused.
    error: Option<KeptError>,
    /// The start of the sign-in, with which the time of the cookie ends.
    begun_at: UnixTime,
}

/// The value of the cookie. It holds no code, verifier or nonce, which are of no use after the
/// exchange. `None` for an error that cannot be kept.
pub(crate) fn sealed(pending: &Pending, end: &End, headers: &HeaderMap) -> Option<SealedEnd> {
    let (session, error) = match end {
        End::SignedIn(session) => (Some(*session.as_bytes()), None),
        End::Refused(error) => (None, Some(KeptError::of(error, &Accepted::of(headers))?)),
        End::Redirected => (None, None),
    };
    Some(SealedEnd {
        binding: pending.binding,
        state: StateId::of(&pending.state),
        place: pending.place_in_cookie().map(str::to_owned),
        form: pending.return_to.form(),
        session,
        error,
        begun_at: pending.begun_at,
    })
}

/// Reads the end of the sign-in. A cookie that is over, or of another state or provider, gives
/// `None`.
pub(crate) fn read(
    sealed: SealedEnd,
    (state, binding): (&str, Binding),
    now: UnixTime,
    prefix: &Prefix,
) -> Option<Finished> {
    let is_this = sealed.state == StateId::of(state) && sealed.binding == binding;
    let is_over = now >= sealed.begun_at.after(PENDING_LIFE);
    if !is_this || is_over {
        return None;
    }
    let end = match (sealed.session, sealed.error) {
        (Some(session), _) => End::SignedIn(SessionId::from_bytes(session)),
        // An error whose kind this version does not know counts as no cookie.
        (None, Some(error)) => End::Refused(error.error()?),
        (None, None) => End::Redirected,
    };
    let place = sealed.place.map(|place| ReturnTo::parse(&place, prefix));
    Some(Finished {
        place: place.map(|place| place.with_form(sealed.form)),
        end,
    })
}

/// The time until the sign-in is over, in which its cookies live. Both cookies of a sign-in end at
/// the same time, so no step prolongs it.
pub(crate) fn life(pending: &Pending, now: UnixTime) -> Duration {
    let end = pending.begun_at.after(PENDING_LIFE);
    let left = end.as_secs().saturating_sub(now.as_secs());
    Duration::from_secs(left).min(PENDING_LIFE)
}
