//! Entries of this version, of older and newer ones, and damaged ones.

use std::time::Duration;

use super::*;
use crate::{
    revocation::entry::LONGEST_SUBJECT,
    seal::{Purpose, key::SessionKey},
    session::Binding,
};

const LONGEST: Duration = Duration::from_secs(401 * 24 * 60 * 60);

fn sealer() -> Sealer {
    Sealer::for_tests(&SessionKey::random(), Purpose::Revocation)
}

#[test]
fn an_entry_of_a_newer_version_is_not_taken_for_a_damaged_one() {
    let (sealer, now) = (sealer(), UnixTime::from_secs(1_800_000_000));
    let id = SessionId::random().unwrap();
    let revocation = Revocation::of_session(id, now);
    let payload = revocation.seal(&sealer, now).unwrap();
    let opened = Entry::open(&sealer, &payload, now);
    assert_eq!(opened, Ok(Entry::Revocation(revocation)));
    // Of another version, and of a kind that came later.
    for newer in [
        &[VERSION + 1, 7, 7][..],
        &[VERSION, KINDS],
        &[VERSION, 200, 9],
    ] {
        let newer = sealer.seal(NAME, newer, now).unwrap();
        let opened = Entry::open(&sealer, newer.as_bytes(), now);
        assert_eq!(opened, Err(Unreadable::Newer));
    }
    for damaged in [&[VERSION][..], &[VERSION, 0], &[VERSION, 2, 9], &[]] {
        let damaged = sealer.seal(NAME, damaged, now).unwrap();
        let opened = Entry::open(&sealer, damaged.as_bytes(), now);
        assert_eq!(opened, Err(Unreadable::Foreign));
    }
}

#[test]
fn a_person_is_read_as_before_and_with_the_time_of_the_provider() {
    let (sealer, now) = (sealer(), UnixTime::from_secs(1_800_000_000));
    let binding = Binding::new("oidc", "openid", "issuer", "client");
    let own = Revocation::of_subject(binding, "a", now, LONGEST);
    let by_provider = own
        .clone()
        .until_issued(Some(now.before(Duration::from_secs(90))));
    assert_ne!(own.target, by_provider.target);
    for revocation in [&own, &by_provider] {
        let payload = revocation.seal(&sealer, now).unwrap();
        let opened = Entry::open(&sealer, &payload, now);
        assert_eq!(opened, Ok(Entry::Revocation(revocation.clone())));
    }
    // An older version reads the beginning, and its own entries are read.
    let Target::PersonByProviderTime(PersonKey(person)) = &by_provider.target else {
        unreachable!("{by_provider:?}")
    };
    let (at, implausible_after, expires_at) = (
        by_provider.cutoff.at,
        by_provider.cutoff.implausible_after,
        by_provider.expires_at,
    );
    let wire = Wire::Person {
        person,
        at,
        implausible_after,
        expires_at,
    };
    let before = postcard::to_allocvec(&wire).unwrap();
    let payload = by_provider.seal(&sealer, now).unwrap();
    let mut buffer = [0; LONGEST_PAYLOAD];
    let plain = sealer.open(NAME, &payload, now, &mut buffer).unwrap().plain;
    assert!(plain[1..].starts_with(&before));
    assert!(postcard::from_bytes::<Wire<'_>>(&plain[1..]).is_ok());
    let payload = sealer.seal(NAME, &[&[VERSION], &before[..]].concat(), now);
    let opened = Entry::open(&sealer, payload.unwrap().as_bytes(), now);
    assert_eq!(opened, Ok(Entry::Revocation(own)));
}

#[test]
fn the_longest_subject_fits_and_the_expiry_by_a_clock_years_ahead_is_bounded() {
    let (sealer, now) = (sealer(), UnixTime::from_secs(1_800_000_000));
    let binding = Binding::new("kakao", "kakao", "issuer", "client");
    let far = UnixTime::from_secs(9_000_000_000);
    let revocation = Revocation::of_subject(binding, &"s".repeat(LONGEST_SUBJECT), far, LONGEST);
    let payload = revocation.seal(&sealer, now).unwrap();
    assert!(payload.len() < LONGEST_PAYLOAD);
    let opened = Entry::open(&sealer, &payload, now);
    assert_eq!(opened, Ok(Entry::Revocation(revocation.clone())));
    assert_eq!(revocation.bounded(now).expires_at, now.after(LONGEST));
}

#[test]
fn unreadable_entries_of_a_batch_are_counted_by_their_kind() {
    let (own, other, now) = (sealer(), sealer(), UnixTime::from_secs(1_800_000_000));
    let revocation = Revocation::of_session(SessionId::random().unwrap(), now);
    let newer = |version: u8| own.seal(NAME, &[version, 7, 7], now).unwrap();
    let payloads = [
        revocation.seal(&other, now).unwrap(),
        newer(VERSION + 1).into(),
        revocation.seal(&own, now).unwrap(),
        newer(VERSION + 2).into(),
        Bytes::from_static(b"no entry"),
        newer(VERSION + 3).into(),
    ];
    let OpenedBatch { entries, skipped } = Entry::open_all(&own, &payloads, now);
    assert_eq!(entries, [Entry::Revocation(revocation)]);
    assert_eq!((skipped.foreign, skipped.newer), (2, 3));
}

#[test]
fn a_mark_is_read_as_it_was_written() {
    let (sealer, now) = (sealer(), UnixTime::from_secs(1_800_000_000));
    for is_last in [false, true] {
        let mark = RestoreMark {
            replica: 7,
            began: now,
            is_last,
        };
        let payload = mark.seal(&sealer, now).unwrap();
        assert_eq!(Entry::open(&sealer, &payload, now), Ok(Entry::Mark(mark)));
    }
}
