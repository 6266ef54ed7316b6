//! A finished sign-in, as the browser keeps it sealed in place of the pending cookie.
//!
//! It answers a callback that is loaded again, also at another replica or after a restart, where
//! the outcome is not known. It holds the place, and either the session's id or the error. It
//! never holds the session, so it signs no user in: a copy of the cookie is worth nothing.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{pending::Pending, state::StateId};
use crate::{
    clock::UnixTime,
    error::{KeptError, LoginError},
    seal::PENDING_LIFE,
    session::{Binding, id::SessionId},
    web::{
        own_paths::Prefix,
        return_to::{FormId, ReturnTo},
    },
};

/// The most bytes of these cookies in one browser, names included.
pub(crate) const MAX_BYTES: usize = 1000;

/// A finished sign-in, opened.
#[derive(Debug)]
pub(crate) struct Finished {
    /// The place to go to. Absent if the state alone holds it.
    pub(crate) place: Option<ReturnTo>,
    pub(crate) end: End,
}

/// The way in which a sign-in ended.
#[derive(Debug)]
pub(crate) enum End {
    /// With this session.
    SignedIn(SessionId),
    /// With an error, whose page is shown again.
    Refused(LoginError),
    /// With a redirect to the provider once more.
    Redirected,
}

/// The content of the cookie. A session and an error exclude each other. Neither means a redirect.
#[derive(Serialize, Deserialize)]
pub(crate) struct SealedEnd {
    binding: Binding,
    state: StateId,
    place: Option<String>,
    form: Option<FormId>,
    session: Option<[u8; 16]>,
    error: Option<KeptError>,
    begun_at: UnixTime,
}

/// The value of the cookie. It holds no code, verifier or nonce.
pub(crate) fn sealed(pending: &Pending, end: &End) -> Option<SealedEnd> {
    let (session, error) = match end {
        End::SignedIn(session) => (Some(*session.as_bytes()), None),
        End::Refused(error) => (None, Some(KeptError::of(error)?)),
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

/// The end of the attempt. A cookie that is over, or of another state or provider, gives nothing.
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

/// The time until the sign-in is over, in which its cookies live.
pub(crate) fn life(pending: &Pending, now: UnixTime) -> Duration {
    let end = pending.begun_at.after(PENDING_LIFE);
    let left = end.as_secs().saturating_sub(now.as_secs());
    Duration::from_secs(left).min(PENDING_LIFE)
}
