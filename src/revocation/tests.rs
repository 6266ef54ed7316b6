//! The sessions that each revocation ends, on one replica without a log.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use super::{table::Source, *};
use crate::{
    clock::UnixTime,
    seal::{Purpose, key::SessionKey},
    session::{self, Session, details::UserTexts, id::ProviderSession},
};

const LIFE: Duration = Duration::from_secs(60 * 60);
const NOW: u64 = 1_800_000_000;

fn now() -> UnixTime {
    UnixTime::from_secs(NOW)
}

fn binding() -> Binding {
    Binding::new("oidc", "openid", "https://issuer.example", "client")
}

/// A session of this subject that begins now, with or without a session at the provider.
fn session(subject: &str, sid: Option<&str>) -> Session {
    let texts = UserTexts {
        subject,
        ..UserTexts::default()
    };
    session::tests::session(texts, sid)
}

/// The revocations of a layer without a log, with a clock that stands still.
fn revocations() -> Revocations {
    let sealer = Sealer::for_tests(&SessionKey::random(), Purpose::Revocation);
    let clock = Clock::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(NOW));
    Revocations::new(Settings::default(), sealer, clock, LIFE).unwrap()
}

async fn publish(revocations: &Revocations, revocation: Revocation) {
    revocations.publish(vec![revocation]).await.unwrap();
}

#[tokio::test]
async fn a_revoked_session_at_the_provider_ends_only_its_own_sessions() {
    let revocations = revocations();
    let sid = ProviderSession::of("sid-1").unwrap();
    let revocation = Revocation::of_provider_session(binding(), &sid, now(), LIFE);
    publish(&revocations, revocation).await;
    assert!(revocations.has_ended(binding(), &session("a", Some("sid-1")).user));
    assert!(!revocations.has_ended(binding(), &session("a", Some("sid-2")).user));
    assert!(!revocations.has_ended(binding(), &session("a", None).user));
    // A subject with the same text is not that session.
    assert!(!revocations.has_ended(binding(), &session("sid-1", None).user));
}

#[tokio::test]
async fn a_revoked_subject_ends_only_at_its_own_provider() {
    let revocations = revocations();
    let other = Binding::new("oidc", "openid", "https://other.example", "client");
    publish(
        &revocations,
        Revocation::of_subject(other, "a", now(), LIFE),
    )
    .await;
    assert!(!revocations.has_ended(binding(), &session("a", None).user));
    publish(
        &revocations,
        Revocation::of_subject(binding(), "a", now(), LIFE),
    )
    .await;
    assert!(revocations.has_ended(binding(), &session("a", None).user));
    assert!(!revocations.has_ended(binding(), &session("ab", None).user));
}

#[tokio::test]
async fn each_of_many_revocations_in_one_second_ends_the_sign_in_before_it_and_not_the_one_after_it()
 {
    let revocations = revocations();
    for _ in 0..1000 {
        let mut between = session("a", None);
        between.user.facts_mut().known =
            revocations.known(binding(), &between.user, revocations.step());
        assert!(!revocations.has_ended(binding(), &between.user));
        let revocation = Revocation::of_subject(binding(), "a", now(), LIFE);
        publish(&revocations, revocation).await;
        assert!(revocations.has_ended(binding(), &between.user));
    }
    let mut after = session("a", None);
    after.user.facts_mut().known = revocations.known(binding(), &after.user, revocations.step());
    assert!(!revocations.has_ended(binding(), &after.user));
}

#[tokio::test]
async fn expired_revocations_take_no_memory() {
    let passed = Arc::new(AtomicU64::new(0));
    let seconds = |passed: &AtomicU64| Duration::from_secs(passed.load(Ordering::Relaxed));
    let (wall, monotonic) = (Arc::clone(&passed), Arc::clone(&passed));
    let clock =
        Clock::new(move || SystemTime::UNIX_EPOCH + Duration::from_secs(NOW) + seconds(&wall))
            .with_monotonic(move || seconds(&monotonic));
    let sealer = Sealer::for_tests(&SessionKey::random(), Purpose::Revocation);
    let revocations = Revocations::new(Settings::default(), sealer, clock, LIFE).unwrap();
    for _ in 0..10_000 {
        let id = SessionId::random().unwrap();
        // It has expired when the next one is added.
        let now = now().after(seconds(&passed));
        publish(&revocations, Revocation::of_session(id, now)).await;
        passed.fetch_add(100, Ordering::Relaxed);
    }
    let kept = revocations.shared.table.all(UnixTime::from_secs(0));
    assert!(kept.len() <= 2048, "{}", kept.len());
}

#[tokio::test]
async fn a_revocation_of_an_earlier_time_ends_no_session_that_began_since() {
    let revocations = revocations();
    let then = UnixTime::from_secs(NOW - 30);
    let revocation = || Revocation::of_subject(binding(), "a", then, LIFE);
    publish(&revocations, revocation()).await;
    let mut since = session("a", None);
    since.user.facts_mut().known = revocations.known(binding(), &since.user, revocations.step());
    assert!(!revocations.has_ended(binding(), &since.user));
    // The same report again, as if the provider had not received the answer.
    publish(&revocations, revocation()).await;
    assert!(!revocations.has_ended(binding(), &since.user));
}

#[tokio::test]
async fn a_late_report_of_the_provider_ends_no_session_that_began_after_its_date() {
    let revocations = revocations();
    let since = session("a", None);
    let then = UnixTime::from_secs(NOW - 20 * 60);
    publish(
        &revocations,
        Revocation::of_subject(binding(), "a", then, LIFE),
    )
    .await;
    assert!(!revocations.has_ended(binding(), &since.user));
    let mut before = session("a", None);
    before.user.facts_mut().authenticated_at = then;
    assert!(revocations.has_ended(binding(), &before.user));
}

#[tokio::test]
async fn a_revocation_ends_earlier_sessions_by_any_clock() {
    let sid = ProviderSession::of("sid-1").unwrap();
    for of_provider in [false, true] {
        let revocations = revocations();
        let revocation = match of_provider {
            false => Revocation::of_subject(binding(), "a", now(), LIFE),
            true => Revocation::of_provider_session(binding(), &sid, now(), LIFE),
        };
        publish(&revocations, revocation).await;
        // A session that is dated even later expires after the revocation does.
        for ahead in [0, 60, 61, 600, 7200] {
            let mut session = session("a", Some("sid-1"));
            let dated = now().after(Duration::from_secs(ahead));
            session.user.facts_mut().authenticated_at = dated;
            assert!(revocations.has_ended(binding(), &session.user), "{ahead}");
            // A session that began afterwards on the same replica.
            let step = revocations.step();
            session.user.facts_mut().known = revocations.known(binding(), &session.user, step);
            let has_ended = revocations.has_ended(binding(), &session.user);
            // A session at the provider that ended does not begin again.
            assert_eq!(has_ended, of_provider, "{ahead}");
        }
    }
}

#[tokio::test]
async fn a_revocation_of_a_replica_whose_clock_is_far_ahead_does_not_end_the_next_sign_in() {
    let (ahead, here) = (revocations(), revocations());
    let tomorrow = now().after(Duration::from_secs(24 * 60 * 60));
    let revocation = Revocation::of_subject(binding(), "a", tomorrow, LIFE);
    here.shared.apply(vec![revocation.clone()], Source::Log);
    publish(&ahead, revocation).await;
    let mut next = session("a", None);
    assert!(here.has_ended(binding(), &next.user));
    next.user.facts_mut().known = here.known(binding(), &next.user, here.step());
    assert!(!here.has_ended(binding(), &next.user));
    assert!(!ahead.has_ended(binding(), &next.user));
    // A later revocation by a clock that is behind ends that session.
    publish(&here, Revocation::of_subject(binding(), "a", now(), LIFE)).await;
    assert!(here.has_ended(binding(), &next.user));
}

#[tokio::test]
async fn handled_events_are_known_until_they_expire_and_are_bounded() {
    let revocations = revocations();
    let id = |number: u32| -> EventId { u128::from(number).to_be_bytes() };
    let expires_at = now().after(Duration::from_secs(300));
    let events = (0..70_000).map(|number| Revocation::of_event(id(number), expires_at));
    revocations.publish(events.collect()).await.unwrap();
    assert!(revocations.has_event(&id(0)) && !revocations.has_event(&id(69_999)));
    assert_eq!(revocations.shared.table.all(now()).len(), 65_536);
    revocations
        .shared
        .table
        .prune(expires_at.after(Duration::from_secs(1)));
    assert!(!revocations.has_event(&id(0)));
    publish(&revocations, Revocation::of_event(id(69_999), expires_at)).await;
    assert!(revocations.has_event(&id(69_999)));
}

/// One replica has dropped the revocation and signs the user in, and another one still has it.
#[tokio::test]
async fn a_revocation_that_has_expired_ends_no_session_that_begins_later() {
    let revocations = revocations();
    let revocation = Revocation::of_subject(binding(), "7", now(), LIFE);
    let expires_at = revocation.expires_at;
    publish(&revocations, revocation).await;
    for (dated, ends) in [
        (now(), true),
        (now().after(2 * SKEW), true),
        (expires_at, true),
        (expires_at.after(Duration::from_secs(1)), false),
        (expires_at.after(LIFE), false),
        (expires_at.after(1000 * LIFE), false),
    ] {
        let mut user = session("7", None).user;
        user.facts_mut().authenticated_at = dated;
        assert_eq!(revocations.has_ended(binding(), &user), ends, "{dated:?}");
    }
}

#[tokio::test]
async fn a_request_for_new_claims_ends_no_session_and_is_dated_after_the_earlier_ones() {
    let revocations = revocations();
    let session = session("a", None);
    let mut last = revocations.claims_date(binding(), "a");
    assert_eq!(last, 0);
    for _ in 0..3 {
        let request = Revocation::of_claims(binding(), "a", now(), LIFE);
        publish(&revocations, request).await;
        let date = revocations.claims_date(binding(), "a");
        assert!(date > last, "{date}");
        last = date;
    }
    assert!(!revocations.has_ended(binding(), &session.user));
    assert_eq!(revocations.claims_date(binding(), "b"), 0);
    let known = revocations.known(binding(), &session.user, revocations.step());
    assert_eq!(known, Known::default());
}
