//! Keys that were chosen to share a slot cost no more than random ones.

use std::{collections::HashSet, hash::BuildHasher, sync::mpsc, thread, time::Duration};

use rustc_hash::FxBuildHasher;

use super::*;

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
    |number| {
        let binding = Binding::new("oidc", "openid", "https://issuer.example", "client");
        let life = Duration::from_secs(3600);
        Revocation::of_subject(binding, &format!("subject-{number}"), NOW, life)
    },
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
                .for_each(|revocation| table.add(revocation, NOW));
            done.send(table.len())
        });
        let held = waits.recv_timeout(DEADLINE);
        assert_eq!(held, Ok(COUNT), "keys of one slot: {name}");
    }
}
