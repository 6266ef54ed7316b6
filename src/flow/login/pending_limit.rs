//! The limit on the bytes of pending sign-ins in one browser. The oldest cookies are deleted for a new one.

use http::HeaderMap;

use super::attempt::{LOOKED_AT, finished_of_ours};
use super::pending::{self, Held};
use crate::flow::Flow;
use crate::{audit::Line, clock::UnixTime, web::reply::Reply};

/// Bytes of pending logins and of saved forms: a server takes 8 KiB of one line (nginx, `large_client_header_buffers`).
pub(crate) const MOST_WITH_FORM: usize = 6000;
/// Bytes of these and of those that do not open, as after a change of key, for the same reason.
const MOST_WITH_UNREADABLE: usize = 7000;
/// No browser keeps a longer cookie (RFC 6265bis section 5.6).
const LONGEST: usize = 4096;
/// This many sign-ins without a callback are the sign of a misplaced layer.
const SUSPICIOUS: usize = 3;
/// `; ` and `=`, as the browser writes them.
const AROUND: usize = 3;

/// A pending login that the browser brought.
struct Brought {
    name: String,
    bytes: usize,
    /// Absent if the sign-in is over.
    begun_at: Option<UnixTime>,
}

/// The reply that sets `added` bytes of a new pending cookie deletes the cookies that make way: logins that are over and
/// finished ones first, then the oldest. Lines that do not fit into this answer wait for the next one. A cookie that does not
/// open is not ours: another application on this host may use the same name, and cookies know no ports.
pub(crate) fn apply(flow: &Flow, headers: &HeaderMap, added: usize, reply: Reply) -> Reply {
    let cookies = &flow.config.cookies;
    let forms = cookies.all_forms(headers);
    let form: usize = forms.map(|(_, value)| value.len()).sum();
    let most = pending::MOST_BYTES.min(MOST_WITH_FORM.saturating_sub(form));
    let most = most.min(MOST_WITH_UNREADABLE - unreadable(flow, headers));
    let most = most.saturating_sub(added + AROUND);
    let Division { kept, bytes, gone } = divide(brought(flow, headers), most);
    warn(flow, kept);
    let finished = finished(flow, headers, most.saturating_sub(bytes));
    let gone = finished.into_iter().chain(gone);
    gone.fold(reply, |reply, name| {
        reply.cookie_if_it_fits(cookies.delete(&name))
    })
}

/// Whether a new pending cookie of `added` bytes fits beside those that do not open.
pub(crate) fn has_room(flow: &Flow, headers: &HeaderMap, added: usize) -> bool {
    unreadable(flow, headers) + added <= MOST_WITH_UNREADABLE
}

/// Bytes of pending cookies that do not open, as far as they may be ours under another key. They end within half an hour.
fn unreadable(flow: &Flow, headers: &HeaderMap) -> usize {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let held = config.cookies.all_pending(headers).take(LOOKED_AT);
    let unread = held.filter(|(name, value)| {
        value.len() <= LONGEST && !config.pending_sealer.opens(name, value, now)
    });
    let bytes: usize = unread
        .map(|(name, value)| name.len() + value.len() + AROUND)
        .sum();
    bytes.min(pending::MOST_BYTES)
}

/// The finished sign-ins that do not fit into `most` bytes, the oldest first.
fn finished(flow: &Flow, headers: &HeaderMap, most: usize) -> Vec<String> {
    let held = finished_of_ours(flow, headers);
    let held: Vec<_> = held
        .map(|(name, value)| (name.len() + value.len() + AROUND, name))
        .collect();
    let mut bytes: usize = held.iter().map(|(bytes, _)| bytes).sum();
    let surplus = held.into_iter().take_while(|(length, _)| {
        let goes = bytes > most;
        bytes -= length;
        goes
    });
    surplus.map(|(_, name)| name).collect()
}

fn brought(flow: &Flow, headers: &HeaderMap) -> Vec<Brought> {
    let (config, now) = (&flow.config, flow.config.clock.unix());
    let (sealer, prefix) = (&config.pending_sealer, &config.prefix);
    let held = config.cookies.all_pending(headers).take(LOOKED_AT);
    held.filter_map(|(name, value)| {
        let login = Held::open(sealer, &name, value, now, prefix)?;
        let begun_at = (!login.is_over(now)).then_some(login.begun_at);
        Some(Brought {
            bytes: name.len() + value.len() + AROUND,
            name,
            begun_at,
        })
    })
    .collect()
}

/// The newest sign-ins that fit, and the names of the others: first those that are over, then the oldest.
#[derive(Debug)]
struct Division {
    kept: usize,
    bytes: usize,
    gone: Vec<String>,
}

fn divide(mut brought: Vec<Brought>, most: usize) -> Division {
    // The browser sends the oldest first (RFC 6265 section 5.4), which tells logins of one second apart.
    brought.sort_by_key(|login| login.begun_at);
    let (mut kept, mut bytes) = (0, 0);
    for login in brought.iter().rev() {
        if login.begun_at.is_none() || bytes + login.bytes > most {
            break;
        }
        kept += 1;
        bytes += login.bytes;
    }
    brought.truncate(brought.len() - kept);
    let gone = brought.into_iter().map(|login| login.name).collect();
    Division { kept, bytes, gone }
}

fn warn(flow: &Flow, kept: usize) {
    if kept >= SUSPICIOUS && flow.config.audit.allows(Line::NoCallback) {
        tracing::warn!(
            pending = kept,
            "several sign-ins began in this browser and did not come back: if every sign-in ends \
             like this, the layer does not see its callback; put it last, on the outermost router"
        );
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn logins(count: u64) -> Vec<Brought> {
        let login = |index: u64| Brought {
            name: index.to_string(),
            bytes: 200,
            begun_at: Some(UnixTime::from_secs(index)),
        };
        (0..count).map(login).collect()
    }

    #[test]
    fn those_that_are_over_go_first_and_then_the_oldest() {
        let mut brought = logins(5);
        brought[4].begun_at = None;
        let division = divide(brought, 600);
        assert_eq!(division.gone, ["4", "0"]);
        assert_eq!((division.kept, division.bytes), (3, 600));
    }

    proptest! {
        #[test]
        fn the_newest_stay_within_their_bytes(
            given in prop::collection::vec((100..3000_usize, proptest::option::of(0..50_u64)), 0..60),
            most in 0..6000_usize,
        ) {
            let brought = |(index, (bytes, begun_at)): (usize, &(usize, Option<u64>))| Brought {
                name: index.to_string(),
                bytes: *bytes,
                begun_at: begun_at.map(UnixTime::from_secs),
            };
            let division = divide(given.iter().enumerate().map(brought).collect(), most);
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
