//! A finished login attempt: what the browser keeps of it in the place of the pending cookie, sealed. A callback that is
//! loaded again, also at another replica, is answered from it as before.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{pending::Pending, state::StateId};
use crate::{
    clock::UnixTime,
    error::{KeptError, LoginError},
    seal::{PENDING_LIFE, Sealer},
    session::{Binding, id::SessionId},
    web::{
        own_paths::Prefix,
        return_to::{FormId, ReturnTo},
    },
};

/// Bytes of such cookies that one browser holds, names included.
pub(crate) const MOST_BYTES: usize = 1000;

/// The end of a login attempt, as its cookie holds it.
#[derive(Debug)]
pub(crate) struct Finished {
    /// Absent if the state alone holds the place.
    pub(crate) place: Option<ReturnTo>,
    pub(crate) end: End,
}

/// The cookie signs no user in: it names the session, and does not hold it.
#[derive(Debug)]
pub(crate) enum End {
    SignedIn(SessionId),
    Refused(LoginError),
    /// On to the provider once more.
    Led,
}

#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    binding: Binding,
    state: StateId,
    place: Option<&'a str>,
    form: Option<FormId>,
    session: Option<[u8; 16]>,
    error: Option<KeptError>,
    begun_at: UnixTime,
}

/// The value of the cookie `name`; no code, verifier or nonce is in it.
pub(crate) fn seal(pending: &Pending, end: &End, sealer: &Sealer, name: &str) -> Option<String> {
    let (session, error) = match end {
        End::SignedIn(session) => (Some(*session.as_bytes()), None),
        End::Refused(error) => (None, Some(KeptError::of(error)?)),
        End::Led => (None, None),
    };
    let sealed = Sealed {
        binding: pending.binding,
        state: StateId::of(&pending.state),
        place: pending.place_in_cookie(),
        form: pending.return_to.form(),
        session,
        error,
        begun_at: pending.begun_at,
    };
    sealer.seal(
        name,
        &postcard::to_allocvec(&sealed).ok()?,
        pending.begun_at,
    )
}

/// Opens the cookie. A cookie that is forged, over, or of another state or provider gives nothing.
pub(crate) fn open(
    sealer: &Sealer,
    (name, value): (&str, &[u8]),
    (state, binding): (&str, Binding),
    now: UnixTime,
    prefix: &Prefix,
) -> Option<Finished> {
    let mut buffer = vec![0; value.len().min(2 * MOST_BYTES)];
    let opened = sealer.open(name, value, now, &mut buffer)?;
    let sealed: Sealed<'_> = postcard::from_bytes(opened.plain).ok()?;
    let is_this = sealed.state == StateId::of(state) && sealed.binding == binding;
    let is_over = now >= sealed.begun_at.after(PENDING_LIFE);
    if !is_this || is_over {
        return None;
    }
    let end = match (sealed.session, sealed.error) {
        (Some(session), _) => End::SignedIn(SessionId::from_bytes(session)),
        (None, Some(error)) => End::Refused(error.error()?),
        (None, None) => End::Led,
    };
    let place = sealed.place.map(|place| ReturnTo::parse(place, prefix));
    Some(Finished {
        place: place.map(|place| place.with_form(sealed.form)),
        end,
    })
}

/// The rest of the attempt's time.
pub(crate) fn life(pending: &Pending, now: UnixTime) -> Duration {
    let end = pending.begun_at.after(PENDING_LIFE);
    let left = end.as_secs().saturating_sub(now.as_secs());
    Duration::from_secs(left).min(PENDING_LIFE)
}
