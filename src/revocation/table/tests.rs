//! Dates of revocations, repeated and expired entries, keys that were chosen to share a slot.

use std::{collections::HashSet, hash::BuildHasher, sync::mpsc, thread, time::Duration};

use rustc_hash::FxBuildHasher;

use super::*;
use crate::{
    phone::PhoneAssurance,
    session::{details::UserTexts, user::Facts},
};

const NOW: UnixTime = UnixTime::from_secs(1_800_000_000);
const LATER: UnixTime = UnixTime::from_secs(1_800_003_600);
/// The number of revocations in each test.
const COUNT: usize = 200;
/// The slots of a table that holds them.
const SLOTS: u64 = 1 << 11;
/// Enough for a busy machine. Keys that share a slot of `papaya` take for ever.
const DEADLINE: Duration = Duration::from_secs(60);

type Kind = fn(u64) -> Revocation;

/// A user with a subject of the user's choice, a session whose id the application got from a
/// request, and an event.
const KINDS: [Kind; 3] = [
    |number| Revocation::of_subject(binding(), &format!("subject-{number}"), NOW, LIFE),
    |number| Revocation::of_session(SessionId::from_bytes(bytes(number)), LATER),
    |number| Revocation::of_event(bytes(number), LATER),
];

fn bytes(number: u64) -> [u8; 16] {
    u128::from(number).to_le_bytes()
}

/// The slot of a revocation in a table with this hasher.
fn slot(hasher: &impl BuildHasher, revocation: &Revocation) -> u64 {
    let hash = match &revocation.target {
        Target::Session(id) => hasher.hash_one(id),
        Target::Person(person) | Target::PersonByProviderTime(person) => hasher.hash_one(person),
        Target::Event(id) => hasher.hash_one(id),
    };
    hash % SLOTS
}

/// Revocations that share a slot by a hash without a secret, as anyone can compute them.
fn crafted(kind: Kind) -> Vec<Revocation> {
    let shared = slot(&FxBuildHasher, &kind(0));
    let shares = |revocation: &Revocation| slot(&FxBuildHasher, revocation) == shared;
    (0..).map(kind).filter(shares).take(COUNT).collect()
}

/// How many slots the revocations share. One slot for all is the attack.
fn used_slots(hasher: &impl BuildHasher, revocations: &[Revocation]) -> usize {
    let slots = revocations
        .iter()
        .map(|revocation| slot(hasher, revocation));
    slots.collect::<HashSet<_>>().len()
}

#[test]
fn crafted_keys_use_as_many_slots_as_others() {
    for crafted in KINDS.map(crafted) {
        assert_eq!(used_slots(&FxBuildHasher, &crafted), 1);
        let used = used_slots(&Hasher::default(), &crafted);
        // Random ones use 190 of 2048 slots on average.
        assert!(used > COUNT * 8 / 10, "{used}");
    }
}

#[test]
fn a_table_takes_crafted_keys_of_every_kind() {
    for (kind, name) in KINDS.into_iter().zip(["user", "session", "event"]) {
        let (done, waits) = mpsc::channel();
        thread::spawn(move || {
            let table = Table::default();
            let crafted = crafted(kind);
            crafted
                .iter()
                .for_each(|revocation| table.add(revocation, Source::Log, NOW));
            done.send(table.len())
        });
        let held = waits.recv_timeout(DEADLINE);
        assert_eq!(held, Ok(COUNT), "keys of one slot: {name}");
    }
}

const LIFE: Duration = Duration::from_secs(3600);

fn user(subject: &str) -> VerifiedUser {
    let texts = UserTexts {
        subject,
        ..UserTexts::default()
    };
    let phone = (
        "+82 10-1234-5678".parse().unwrap(),
        PhoneAssurance::Verified,
    );
    let facts = Facts::of(SessionId::random().unwrap(), NOW, NOW.after(LIFE));
    VerifiedUser::new(phone, "oidc".into(), texts, facts)
}

fn binding() -> Binding {
    Binding::new("oidc", "openid", "https://issuer.example", "client")
}

/// A time before `NOW`.
fn before(seconds: u64) -> UnixTime {
    NOW.before(Duration::from_secs(seconds))
}

/// A revocation of the subject `a` that names a time, dated now by this table.
fn dated(table: &Table, then: UnixTime) -> Revocation {
    let mut revocation = Revocation::of_subject(binding(), "a", then, LIFE);
    table.date(&mut revocation, NOW.as_millis());
    revocation
}

#[test]
fn a_report_of_up_to_ten_seconds_ago_counts_from_now() {
    let table = Table::default();
    for (ago, at) in [(0, 0), (10, 0), (11, 11), (1200, 1200)] {
        let revocation = dated(&table, before(ago));
        assert_eq!(revocation.cutoff.at, before(at).as_millis(), "{ago}");
    }
}

#[test]
fn a_late_report_leaves_the_sessions_that_are_dated_within_the_allowance() {
    let table = Table::default();
    table.add(&dated(&table, before(1200)), Source::Log, NOW);
    let has_ended = |at: UnixTime| {
        let mut user = user("a");
        user.facts_mut().authenticated_at = at;
        table.has_ended(binding(), &user)
    };
    let one = Duration::from_secs(1);
    assert!(has_ended(before(1140)) && !has_ended(before(1139)));
    assert!(!has_ended(NOW.after(SKEW)) && has_ended(NOW.after(SKEW).after(one)));
}

#[test]
fn the_later_date_of_the_provider_counts_in_any_order() {
    let entry = |now: u64, issued: UnixTime| {
        let revocation = Revocation::of_subject(binding(), "a", before(now), LIFE);
        revocation.until_issued(Some(issued))
    };
    let mut entries = [entry(5, before(7)), entry(3, before(40))];
    for _ in 0..2 {
        let table = Table::default();
        entries
            .iter()
            .for_each(|entry| table.add(entry, Source::Log, NOW));
        for (issued, ends) in [(before(40), true), (before(7), true), (before(6), false)] {
            let mut user = user("a");
            user.facts_mut().issued_at = Some(issued);
            assert_eq!(table.has_ended(binding(), &user), ends, "{issued:?}");
        }
        entries.reverse();
    }
}

#[test]
fn an_entry_that_comes_again_during_a_sign_in_does_not_end_the_new_session() {
    let table = Table::default();
    let revocation = dated(&table, NOW);
    table.add(&revocation, Source::Log, NOW);
    let step = table.step();
    table.add(&revocation, Source::Log, NOW);
    let mut user = user("a");
    user.facts_mut().known = table.known(binding(), &user, step);
    assert!(!table.has_ended(binding(), &user));
}

#[test]
fn among_thousands_of_revoked_subjects_no_other_subject_is_found() {
    let table = Table::default();
    for number in 0..3000 {
        let revocation = Revocation::of_subject(binding(), &number.to_string(), NOW, LIFE);
        table.add(&revocation, Source::Log, NOW);
    }
    for number in 3000..6000 {
        let other = user(&number.to_string());
        assert!(!table.has_ended(binding(), &other), "{number}");
    }
}

#[test]
fn expired_entries_leave_while_others_are_added() {
    let table = Table::default();
    for _ in 0..10_000 {
        let id = SessionId::random().unwrap();
        table.add(&Revocation::of_session(id, before(1000)), Source::Log, NOW);
        assert!(table.len() < 3 * SLACK);
    }
}
