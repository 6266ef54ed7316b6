use std::{
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use super::*;

const END: UnixTime = UnixTime::from_secs(1_800_000_000);
/// The salt of the next request.
static NEXT: AtomicU16 = AtomicU16::new(1);

/// A replica with a clock of its own, which keeps its requests until they are in the log.
#[derive(Clone)]
struct Replica(ClaimsRequests);

impl Replica {
    const fn new() -> Self {
        Self(ClaimsRequests::NONE)
    }

    fn asks(&mut self, now: u64) -> Request {
        let known = self.0.latest();
        let date = now.max(known + 1);
        let salt = NEXT.fetch_add(1, Ordering::Relaxed);
        let request = Request { date, known, salt };
        self.0 = self.0.with(request, END, Source::Here);
        request
    }

    fn reads(&mut self, request: Request) {
        self.0 = self.0.with(request, END, Source::Log);
    }

    /// The number that claims which are made now get.
    fn knows(&self) -> u64 {
        self.0.latest()
    }

    /// Whether claims are old that were made when `known` was the number.
    fn finds_old(&self, known: u64) -> bool {
        known < self.knows()
    }
}

#[test]
fn two_requests_of_a_replica_that_is_ahead_do_not_hide_a_third() {
    let (mut ahead, mut behind) = (Replica::new(), Replica::new());
    let (first, second) = (ahead.asks(1500), ahead.asks(1500));
    let third = behind.asks(1200);
    for request in [first, second] {
        ahead.reads(request);
        behind.reads(request);
    }
    let made = ahead.knows();
    assert!(!behind.finds_old(made), "it knows both");
    behind.reads(third);
    assert!(behind.finds_old(made), "the third came later");
    ahead.reads(third);
    assert!(ahead.finds_old(made));
    assert_eq!(ahead.knows(), behind.knows());
}

#[test]
fn claims_that_were_made_before_a_request_in_the_log_are_old_everywhere_in_the_end() {
    // Three replicas with clocks that differ by 1000 ask, publish, read and make claims, in
    // orders that a simple generator chooses.
    let mut random = 1_u64;
    let mut chosen = |most: u64| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (random >> 33) % most
    };
    for _ in 0..500 {
        let mut replicas = [const { Replica::new() }; 3];
        let (mut waiting, mut log) = (vec![Vec::new(); 3], Vec::new());
        let (mut read, mut made) = ([0; 3], Vec::new());
        for step in 0..30 {
            let one = usize::try_from(chosen(3)).unwrap();
            match chosen(4) {
                0 => {
                    let now = 10_000 + step + 500 * chosen(3);
                    waiting[one].push(replicas[one].asks(now));
                }
                1 if !waiting[one].is_empty() => log.push(waiting[one].remove(0)),
                2 if read[one] < log.len() => {
                    replicas[one].reads(log[read[one]]);
                    read[one] += 1;
                }
                // The claims are older than every request that comes into the log from now on,
                // except one of this replica that counts already.
                _ => made.push((replicas[one].knows(), one, log.len(), waiting.clone())),
            }
        }
        log.extend(waiting.into_iter().flatten());
        for (replica, read) in replicas.iter_mut().zip(read) {
            for request in &log[read..] {
                replica.reads(*request);
            }
        }
        let [first, ref others @ ..] = replicas;
        assert!(others.iter().all(|other| other.knows() == first.knows()));
        for (known, one, length, waiting) in made {
            let counted = |later: &Request| waiting[one].contains(later);
            if !log[length..].iter().all(counted) {
                assert!(first.finds_old(known));
            }
        }
    }
}

#[test]
fn an_entry_that_is_read_again_is_no_further_request() {
    let mut replica = Replica::new();
    let mut read = |date| {
        let (known, salt) = (0, 1);
        replica.reads(Request { date, known, salt });
        replica.knows()
    };
    let latest = [1500, 1200, 1700, 1600].map(&mut read)[3];
    for date in [1500, 1200, 1700, 1600, 1200] {
        assert_eq!(read(date), latest, "{date}");
    }
    assert!(read(1300) > latest);
}

#[test]
fn a_replica_that_starts_after_a_loss_of_the_log_agrees_with_the_others() {
    let (mut one, mut new) = (Replica::new(), Replica::new());
    for _ in 0..3 {
        let request = one.asks(1000);
        one.reads(request);
    }
    let restored = Request::of(one.0.restored());
    for replica in [&mut one, &mut new] {
        replica.reads(restored);
        replica.reads(restored);
    }
    assert_eq!(new.knows(), one.knows());
}

#[test]
fn a_request_that_was_not_in_the_lost_log_is_learned_from_the_restored_entry() {
    let (mut one, mut other) = (Replica::new(), Replica::new());
    one.asks(1000);
    let foreign = other.asks(2000);
    for replica in [&mut one, &mut other] {
        replica.reads(foreign);
    }
    let made = other.knows();
    let restored = Request::of(one.0.restored());
    for replica in [&mut one, &mut other] {
        replica.reads(restored);
    }
    assert!(other.finds_old(made));
    assert_eq!(one.knows(), other.knows());
}

#[test]
fn a_replica_that_starts_later_gives_a_request_the_same_number() {
    let (mut one, mut new) = (Replica::new(), Replica::new());
    let first = one.asks(1000);
    one.reads(first);
    let second = one.asks(1500);
    // The first one has expired in the log before the other replica starts.
    for replica in [&mut one, &mut new] {
        replica.reads(second);
    }
    assert_eq!((one.knows(), new.knows()), (1500, 1500));
}

#[test]
fn all_replicas_agree_on_an_entry_that_restores_a_request_of_one() {
    let (mut one, mut other, mut new) = (Replica::new(), Replica::new(), Replica::new());
    one.asks(1000);
    let foreign = other.asks(2000);
    for replica in [&mut one, &mut other] {
        replica.reads(foreign);
    }
    let restored = Request::of(one.0.restored());
    for replica in [&mut one, &mut other, &mut new] {
        replica.reads(restored);
        assert_eq!(replica.knows(), restored.date);
    }
}

#[test]
fn a_restored_entry_of_requests_in_the_log_makes_no_claims_old() {
    let (mut one, mut reader) = (Replica::new(), Replica::new());
    for _ in 0..=REMEMBERED {
        let request = one.asks(1000);
        one.reads(request);
        reader.reads(request);
    }
    for replica in [&mut one, &mut reader] {
        let made = replica.knows();
        let restored = Request::of(replica.0.restored());
        replica.reads(restored);
        assert!(!replica.finds_old(made));
    }
}

#[test]
fn a_request_is_kept_as_long_as_the_requests_before_it() {
    let (long, short) = (Duration::from_secs(7200), Duration::from_secs(60));
    let binding = Binding::new("oidc", "openid", "https://issuer.example", "shop");
    let user = PersonKeyRef::claims(binding, "7").to_owned();
    let now = UnixTime::from_secs(1_700_000_000);
    let request = |life| Revocation::of_claims(binding, "7", now, life);
    let table = Table::default();
    let first = request(long);
    table.add_claims(&user, &first, Source::Log);

    let mut second = request(short);
    let of_its_own = second.expires_at;
    table.date_claims(&user, &mut second, 1000);
    assert_eq!(second.expires_at, first.expires_at, "the entry");
    second.expires_at = of_its_own;
    table.add_claims(&user, &second, Source::Log);
    let kept = table.claims.pin().get(&user).map(|kept| kept.expires_at);
    assert_eq!(kept, Some(first.expires_at), "the table");
}
