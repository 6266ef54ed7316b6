//! Times as they are stored: in seconds before or after the sign-in, in half the bytes.

use std::time::Duration;

use crate::clock::UnixTime;

/// In place of a time that the session does not have. A time is at most one second less.
pub(super) const NEVER: u32 = u32::MAX;

/// Seconds from one time to another. The result is negative if `to` is earlier. That happens
/// because `to` may be of another clock: that of the provider, or that of a replica which seals the
/// session again.
pub(super) fn offset(from: UnixTime, to: UnixTime) -> i32 {
    let later = i32::try_from(seconds(from, to)).unwrap_or(i32::MAX);
    let earlier = i32::try_from(seconds(to, from)).unwrap_or(i32::MAX);
    later - earlier
}

/// The reverse of [`offset`].
pub(super) fn moved(from: UnixTime, offset: i32) -> UnixTime {
    let by = span(offset.unsigned_abs());
    if offset < 0 {
        from.before(by)
    } else {
        from.after(by)
    }
}

/// Seconds from one time to a later one, at most one less than `NEVER`. 0 if `to` is earlier, as
/// after a clock was set back.
pub(super) fn seconds(from: UnixTime, to: UnixTime) -> u32 {
    let span = to.as_secs().saturating_sub(from.as_secs());
    u32::try_from(span).unwrap_or(NEVER).min(NEVER - 1)
}

/// A time that was written as seconds after `start`, unless it is `NEVER`.
pub(super) fn later(start: UnixTime, seconds: u32) -> Option<UnixTime> {
    (seconds != NEVER).then(|| start.after(span(seconds)))
}

pub(super) fn span(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}
