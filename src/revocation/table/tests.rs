//! Subjects that were chosen to share a slot cost no more than random ones.

use std::{
    collections::HashSet,
    hash::BuildHasher,
    time::{Duration, Instant},
};

use super::*;
use crate::phone::PhoneAssurance;

const NOW: UnixTime = UnixTime::from_secs(1_800_000_000);
/// The number of subjects in each measurement.
const COUNT: usize = 200;
/// The slots of a table that holds them.
const SLOTS: u64 = 1 << 11;

fn binding() -> Binding {
    Binding::new("oidc", "openid", "https://issuer.example", "client")
}

/// The slot of a subject in a table with this hasher.
fn slot(hasher: &impl BuildHasher, subject: &str) -> u64 {
    hasher.hash_one(PersonKeyRef::subject(binding(), subject)) % SLOTS
}

fn subjects() -> impl Iterator<Item = String> {
    (0_u64..).map(|number| format!("subject-{number}"))
}

/// Subjects that share a slot by a hash without a secret, as a user can compute them.
fn crafted() -> Vec<String> {
    let shared = slot(&FxBuildHasher, "subject-0");
    let shares = |subject: &String| slot(&FxBuildHasher, subject) == shared;
    subjects().filter(shares).take(COUNT).collect()
}

/// How many slots the subjects share. One slot for all is the attack.
fn used_slots(hasher: &impl BuildHasher, subjects: &[String]) -> usize {
    let slots = subjects.iter().map(|subject| slot(hasher, subject));
    slots.collect::<HashSet<_>>().len()
}

#[test]
fn crafted_subjects_use_as_many_slots_as_others() {
    let crafted = crafted();
    assert_eq!(used_slots(&FxBuildHasher, &crafted), 1);
    let used = used_slots(&UserHasher::default(), &crafted);
    // Random ones use 190 of 2048 slots on average.
    assert!(used > COUNT * 8 / 10, "{used}");
}

/// The shortest of many times that all look-ups take.
fn look_up(subjects: &[String]) -> Duration {
    let table = Table::default();
    let revoke = |subject: &String| {
        let life = Duration::from_secs(3600);
        table.add(&Revocation::of_subject(binding(), subject, NOW, life), NOW);
    };
    subjects.iter().for_each(revoke);
    let users: Vec<_> = subjects.iter().map(|subject| user(subject)).collect();
    let times = (0..50).map(|_| {
        let began = Instant::now();
        assert!(users.iter().all(|user| table.has_ended(binding(), user)));
        began.elapsed()
    });
    times.min().unwrap_or_default()
}

fn user(subject: &str) -> VerifiedUser {
    VerifiedUser {
        phone: "+82 10-1234-5678".parse().unwrap(),
        phone_assurance: PhoneAssurance::Verified,
        provider: "oidc".into(),
        subject: subject.into(),
        name: None,
        email: None,
        email_verified: false,
        authenticated_at: NOW.into(),
        expires_at: NOW.after(Duration::from_secs(3600)).into(),
        session_id: SessionId::random().unwrap(),
        proved_at: None,
        issued_at: None,
        asked_afresh: false,
        provider_session: None,
        known: Known::default(),
    }
}

#[test]
fn looking_up_crafted_subjects_takes_as_long_as_others() {
    let others: Vec<_> = subjects().take(COUNT).collect();
    let (crafted, others) = (look_up(&crafted()), look_up(&others));
    assert!(crafted < 5 * others, "{crafted:?} {others:?}");
}
