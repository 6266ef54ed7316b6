//! The limit on the bytes of pending sign-ins in one browser.
//!
//! Each sign-in adds a cookie, and an abandoned one stays for half an hour. Without a limit, the
//! `Cookie` header would grow until servers refuse every request of that browser. The reply that
//! begins a sign-in therefore deletes older ones. The finished ones go first, because only a reload
//! needs them. Those that are over go next, and then the oldest, because the user has most likely
//! left those tabs.
//!
//! Cookies that do not open are counted and never deleted, because they may be of another
//! application on this host, or sealed with a key that only another replica has.

use http::HeaderMap;

use super::pending;
use crate::{clock::UnixTime, flow::Flow, web::reply::Reply};

/// The most bytes of pending sign-ins and saved forms together. A server takes 8 KiB of one header
/// line (nginx, `large_client_header_buffers`).
pub(crate) const MAX_BYTES_WITH_FORM: usize = 6000;
/// The most bytes of these and of pending cookies that do not open, as after a change of keys.
const MAX_BYTES_WITH_UNREADABLE: usize = 7000;
/// The longest cookie that browsers keep (RFC 6265bis section 5.6). A longer one is not counted.
const LONGEST: usize = 4096;
/// The bytes of `; ` and `=` around a cookie.
const AROUND: usize = 3;

/// A pending cookie of the request that opens.
struct PendingCookie {
    /// The whole name, by which the cookie is deleted.
    name: String,
    /// The bytes of name, value and separators in the `Cookie` header.
    bytes: usize,
    /// The start of the sign-in. `None` if the sign-in is over.
    begun_at: Option<UnixTime>,
}

/// Deletes the cookies that make way for a new pending cookie of `added` bytes. Deletions that do
/// not fit into this reply wait for the next one.
pub(crate) fn apply(flow: &Flow, headers: &HeaderMap, added: usize, reply: Reply) -> Reply {
    let cookies = &flow.cookies;
    let form: usize = cookies.form.lengths(headers).sum();
    // Saved forms and cookies that do not open leave fewer bytes for sign-ins. With the most forms,
    // which have 3,400 bytes (`form/kept.rs`), 2,600 are left.
    let most = pending::MAX_BYTES.min(MAX_BYTES_WITH_FORM.saturating_sub(form));
    // The difference cannot be negative, because `unreadable` counts 5,000 bytes at most.
    let most = most.min(MAX_BYTES_WITH_UNREADABLE - unreadable(flow, headers));
    let most = most.saturating_sub(added + AROUND);
    let Division { kept, bytes, gone } = divide(pending_cookies(flow, headers), most);
    flow.report_missing_callback(kept);
    // Finished sign-ins get the bytes that the open ones leave.
    let finished = finished(flow, headers, most.saturating_sub(bytes));
    let gone = finished.into_iter().chain(gone);
    // A deletion takes a header line too. The first ones fit into this reply, and the others are
    // made by the next one.
    gone.fold(reply, |reply, name| {
        reply.cookie_if_it_fits(cookies.pending.delete_named(&name))
    })
}

/// Whether a new pending cookie of `added` bytes fits beside those that do not open, which are
/// never deleted.
pub(crate) fn fits(flow: &Flow, headers: &HeaderMap, added: usize) -> bool {
    unreadable(flow, headers) + added <= MAX_BYTES_WITH_UNREADABLE
}

/// The bytes of pending cookies that do not open, as far as they may be the layer's under another
/// key. They expire within half an hour.
fn unreadable(flow: &Flow, headers: &HeaderMap) -> usize {
    let now = flow.config.clock.unix();
    let unread = flow.cookies.pending.unreadable(headers, now);
    // A longer value is no cookie of a browser, and must not make every sign-in fail.
    let kept = unread.filter(|(_, value)| *value <= LONGEST);
    let bytes: usize = kept.map(|(name, value)| name + value + AROUND).sum();
    bytes.min(pending::MAX_BYTES)
}

/// The finished sign-ins that exceed `most` bytes, the oldest first.
fn finished(flow: &Flow, headers: &HeaderMap, most: usize) -> Vec<String> {
    let held = flow
        .cookies
        .finished
        .sealed_here(headers, flow.config.clock.unix());
    let held: Vec<_> = held
        .map(|(name, length)| (name.len() + length + AROUND, name))
        .collect();
    let mut bytes: usize = held.iter().map(|(bytes, _)| bytes).sum();
    let surplus = held.into_iter().take_while(|(length, _)| {
        let goes = bytes > most;
        bytes -= length;
        goes
    });
    surplus.map(|(_, name)| name).collect()
}

/// The pending cookies of the request that open, live or over.
fn pending_cookies(flow: &Flow, headers: &HeaderMap) -> Vec<PendingCookie> {
    let now = flow.config.clock.unix();
    let held = flow.cookies.pending.open_all(headers, now);
    held.map(|cookie| PendingCookie {
        bytes: cookie.bytes + AROUND,
        name: cookie.name,
        begun_at: cookie.value.live_since(now),
    })
    .collect()
}

/// The number and bytes of the newest sign-ins that fit, and the names of the others: those that
/// are over, then the oldest.
#[derive(Debug)]
struct Division {
    /// The number of sign-ins that stay.
    kept: usize,
    bytes: usize,
    /// The names of the cookies to delete.
    gone: Vec<String>,
}

/// Keeps the newest sign-ins within `most` bytes. A newer sign-in is never deleted for an older
/// one, even if the older one is shorter.
fn divide(mut held: Vec<PendingCookie>, most: usize) -> Division {
    // The browser sends the oldest first (RFC 6265 section 5.4). The sort is stable, so sign-ins
    // of one second keep that order. Those that are over have `None` and come first.
    held.sort_by_key(|pending| pending.begun_at);
    let (mut kept, mut bytes) = (0, 0);
    for pending in held.iter().rev() {
        if pending.begun_at.is_none() || bytes + pending.bytes > most {
            break;
        }
        kept += 1;
        bytes += pending.bytes;
    }
    held.truncate(held.len() - kept);
    let gone = held.into_iter().map(|pending| pending.name).collect();
    Division { kept, bytes, gone }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn logins(count: u64) -> Vec<PendingCookie> {
        let login = |index: u64| PendingCookie {
            name: index.to_string(),
            bytes: 200,
            begun_at: Some(UnixTime::from_secs(index)),
        };
        (0..count).map(login).collect()
    }

    #[test]
    fn expired_sign_ins_go_first_and_then_the_oldest() {
        let mut held = logins(5);
        held[4].begun_at = None;
        let division = divide(held, 600);
        assert_eq!(division.gone, ["4", "0"]);
        assert_eq!((division.kept, division.bytes), (3, 600));
    }

    proptest! {
        #[test]
        fn the_newest_stay_within_their_bytes(
            given in prop::collection::vec((100..3000_usize, proptest::option::of(0..50_u64)), 0..60),
            most in 0..6000_usize,
        ) {
            let held = |(index, (bytes, begun_at)): (usize, &(usize, Option<u64>))| PendingCookie {
                name: index.to_string(),
                bytes: *bytes,
                begun_at: begun_at.map(UnixTime::from_secs),
            };
            let division = divide(given.iter().enumerate().map(held).collect(), most);
            let is_gone = |index: usize| division.gone.contains(&index.to_string());
            let kept: Vec<_> = (0..given.len()).filter(|index| !is_gone(*index)).collect();
            let bytes: usize = kept.iter().map(|index| given[*index].0).sum();
            prop_assert_eq!((kept.len(), bytes), (division.kept, division.bytes));
            prop_assert!(bytes <= most);
            let oldest_kept = kept.iter().map(|index| given[*index].1).min();
            let newest_gone = (0..given.len()).filter(|index| is_gone(*index)).map(|index| given[index].1).max();
            prop_assert!(kept.iter().all(|index| given[*index].1.is_some()));
            if let (Some(kept), Some(gone)) = (oldest_kept, newest_gone) {
                prop_assert!(gone <= kept);
            }
        }
    }
}
