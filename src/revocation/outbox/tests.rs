//! Entries that expire before the log holds them, the order of entries, and lost entries.

use std::time::Duration;

use super::*;
use crate::{revocation::target::PersonKey, session::id::SessionId};

const NOW: UnixTime = UnixTime::from_secs(1_800_000_000);

fn later(seconds: u64) -> UnixTime {
    NOW.after(Duration::from_secs(seconds))
}

fn revocation(expires_at: UnixTime) -> Revocation {
    Revocation {
        target: Target::Session(SessionId::random().unwrap()),
        cutoff: Cutoff::UNUSED,
        expires_at,
    }
}

#[test]
fn an_expired_entry_is_neither_published_nor_waited_for() {
    for count in [1, 2, 5] {
        let outbox = Outbox::default();
        outbox.add((0..count).map(|_| revocation(later(10))), NOW);
        assert!(outbox.has_next() && !outbox.is_empty());
        assert_eq!(outbox.page(9, later(11)), []);
        assert!(outbox.is_empty(), "{count}");
    }
}

#[test]
fn an_entry_is_published_in_its_last_second() {
    let outbox = Outbox::default();
    outbox.add([revocation(later(10))], NOW);
    assert_eq!(outbox.page(9, later(10)).len(), 1);
    assert!(!outbox.is_empty());
}

#[test]
fn an_entry_that_had_expired_already_is_not_taken_in() {
    let outbox = Outbox::default();
    outbox.add([revocation(later(10))], later(11));
    assert!(outbox.is_empty() && !outbox.has_next());
}

#[test]
fn an_expired_entry_leaves_and_a_live_one_stays() {
    let outbox = Outbox::default();
    let live = revocation(later(60));
    outbox.add([revocation(later(10)), live.clone()], NOW);
    assert_eq!(outbox.page(9, later(11)), std::slice::from_ref(&live));
    assert!(!outbox.is_empty());
    outbox.confirm([&live].into_iter());
    assert!(outbox.is_empty());
}

fn of_user() -> Revocation {
    Revocation {
        target: Target::Person(PersonKey(Box::from(*b"u12345678user"))),
        ..revocation(later(60))
    }
}

fn of_event() -> Revocation {
    Revocation {
        target: Target::Event([7; 16]),
        ..revocation(later(60))
    }
}

#[test]
fn the_entry_of_a_user_is_published_before_a_session_and_an_event() {
    let (user, session, event) = (of_user(), revocation(later(60)), of_event());
    for entries in [
        [user.clone(), session.clone(), event.clone()],
        [session.clone(), event.clone(), user.clone()],
        [event, session, user.clone()],
    ] {
        let outbox = Outbox::default();
        outbox.add(entries, NOW);
        assert_eq!(outbox.page(1, NOW), std::slice::from_ref(&user));
    }
}

#[test]
fn it_is_still_the_first_after_publications_that_failed() {
    let outbox = Outbox::default();
    outbox.add([of_user(), revocation(later(60)), of_event()], NOW);
    for _ in 0..3 {
        assert_eq!(outbox.page(1, NOW), [of_user()]);
        outbox.start_reading();
        outbox.requeue_lost(Instant::now());
    }
}

/// An outbox with one entry that the log has accepted before the next reading.
fn accepted(entry: &Revocation) -> Outbox {
    let outbox = Outbox::default();
    outbox.add([entry.clone()], NOW);
    outbox.accepted(&outbox.page(9, NOW));
    outbox
}

#[test]
fn an_entry_published_during_a_reading_is_not_lost_by_it() {
    let outbox = accepted(&revocation(later(60)));
    assert_eq!(outbox.requeue_lost(Instant::now()), 0);
    assert_eq!(outbox.page(9, NOW), []);
    outbox.start_reading();
    assert_eq!(outbox.requeue_lost(Instant::now()), 1);
    assert_eq!(outbox.page(9, NOW).len(), 1);
}

#[test]
fn an_entry_published_again_since_is_not_lost_by_an_earlier_reading() {
    let entry = revocation(later(60));
    let outbox = accepted(&entry);
    outbox.start_reading();
    outbox.accepted(std::slice::from_ref(&entry));
    assert_eq!(outbox.requeue_lost(Instant::now()), 0);
    assert_eq!(outbox.page(9, NOW), []);
}

#[test]
fn an_entry_that_is_lost_repeatedly_rests_twice_as_long_each_time() {
    let entry = revocation(later(60));
    let outbox = accepted(&entry);
    let mut now = Instant::now();
    for rest in [0, 1, 2, 4, 8] {
        outbox.start_reading();
        assert_eq!(outbox.requeue_lost(now), 1, "{rest}");
        if rest > 0 {
            now += Duration::from_secs(rest) - Duration::from_millis(1);
            assert_eq!(outbox.requeue_lost(now), 0);
            assert_eq!(outbox.page(9, NOW), [], "{rest}");
            now += Duration::from_millis(1);
            assert_eq!(outbox.requeue_lost(now), 0);
        }
        assert_eq!(outbox.page(9, NOW), std::slice::from_ref(&entry), "{rest}");
        outbox.accepted(std::slice::from_ref(&entry));
    }
}

#[test]
fn a_failed_publication_is_no_loss_and_is_repeated_at_once() {
    let outbox = Outbox::default();
    outbox.add([revocation(later(60))], NOW);
    for _ in 0..5 {
        assert_eq!(outbox.page(9, NOW).len(), 1);
        outbox.start_reading();
        assert_eq!(outbox.requeue_lost(Instant::now()), 0);
    }
}

#[test]
fn only_an_entry_that_ends_as_much_confirms() {
    let at = |at: u64, issued: u64, seconds: u64| Revocation {
        cutoff: Cutoff {
            at,
            issued_until: Some(UnixTime::from_secs(issued)),
            ..Cutoff::UNUSED
        },
        expires_at: later(seconds),
        ..of_user()
    };
    for (read, confirms) in [
        (at(5, 5, 60), true),
        (at(6, 6, 61), true),
        (at(4, 6, 61), false),
        (at(6, 4, 61), false),
        (at(6, 6, 59), false),
    ] {
        let outbox = accepted(&at(5, 5, 60));
        outbox.confirm([&read].into_iter());
        assert_eq!(outbox.is_empty(), confirms, "{read:?}");
    }
}

#[test]
fn the_count_of_readings_outlives_an_empty_outbox() {
    let entry = revocation(later(60));
    let outbox = accepted(&entry);
    outbox.start_reading();
    outbox.confirm([&entry].into_iter());
    assert!(outbox.is_empty());
    assert_eq!(outbox.pending().readings, 1);
    assert!(outbox.pending().published.is_empty());
}

#[test]
fn an_entry_that_the_log_accepted_and_no_reading_returned_is_a_loss() {
    for accepts in [true, false] {
        let outbox = Outbox::default();
        let publishing = outbox.publish(vec![revocation(later(60))]);
        if accepts {
            publishing.accepted();
        } else {
            drop(publishing);
        }
        outbox.start_reading();
        assert_eq!(outbox.requeue_lost(Instant::now()), usize::from(accepts));
    }
}
