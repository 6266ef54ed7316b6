//! What ends whom, without a log.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use super::*;
use crate::{
    key::SessionKey,
    phone::{PhoneAssurance, PhoneNumber},
    seal::Purpose,
    session::{self, Rules, Session},
    session_id::ProviderSession,
};

const LIFE: Duration = Duration::from_secs(60 * 60);
const NOW: u64 = 1_800_000_000;

fn now() -> UnixTime {
    UnixTime::from_secs(NOW)
}

fn binding() -> Binding {
    Binding::new("oidc", "openid", "https://issuer.example", "client")
}

fn session(subject: &str, sid: Option<&str>) -> Session {
    let user = VerifiedUser {
        phone: "+82 10-1234-5678".parse::<PhoneNumber>().unwrap(),
        phone_assurance: PhoneAssurance::Verified,
        provider: "oidc".into(),
        subject: subject.into(),
        name: None,
        email: None,
        email_verified: false,
        authenticated_at: now().into(),
        expires_at: now().after(LIFE).into(),
        session_id: SessionId::random().unwrap(),
        proved_at: None,
        asked_afresh: false,
        provider_session: sid.and_then(ProviderSession::of),
    };
    Session::new(user, binding(), now())
}

fn revocations() -> Revocations {
    let sealer = Sealer::for_tests(&SessionKey::random(), Purpose::Revocation);
    let clock = Clock::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(NOW));
    Revocations::new(Settings::default(), sealer, clock, LIFE).unwrap()
}

async fn publish(revocations: &Revocations, revocation: Revocation) {
    revocations.publish(vec![revocation]).await.unwrap();
}

#[tokio::test]
async fn the_end_of_a_providers_session_ends_what_belongs_to_it_alone() {
    let revocations = revocations();
    let sid = ProviderSession::of("sid-1").unwrap();
    let revocation = Revocation::of_provider_session(binding(), &sid, now(), LIFE);
    publish(&revocations, revocation).await;
    assert!(revocations.has_ended(binding(), &session("a", Some("sid-1")).user));
    assert!(!revocations.has_ended(binding(), &session("a", Some("sid-2")).user));
    assert!(!revocations.has_ended(binding(), &session("a", None).user));
    // A subject of the same letters is another thing.
    assert!(!revocations.has_ended(binding(), &session("sid-1", None).user));
}

#[tokio::test]
async fn a_subject_ends_at_its_own_provider_alone() {
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
async fn repeated_revocations_do_not_move_far_into_the_future() {
    let revocations = revocations();
    for _ in 0..1000 {
        publish(
            &revocations,
            Revocation::of_subject(binding(), "a", now(), LIFE),
        )
        .await;
    }
    let through = revocations
        .through(binding(), &session("a", None).user)
        .unwrap();
    assert!(through <= now().after(Duration::from_secs(120)));
}

#[tokio::test]
async fn what_can_end_nothing_any_more_takes_no_memory() {
    let revocations = revocations();
    for number in 0..10_000_u64 {
        let id = SessionId::random().unwrap();
        // Each of them was over before the next one.
        let ended = UnixTime::from_secs(NOW - 1000 + number % 10);
        publish(&revocations, Revocation::of_session(id, ended)).await;
    }
    assert!(revocations.shared.live.all().len() <= 2048);
}

#[test]
fn the_providers_session_travels_in_the_cookie() {
    let sealer = Sealer::for_tests(&SessionKey::random(), Purpose::Session);
    let rules = Rules {
        life: LIFE,
        idle: None,
        assurance: PhoneAssurance::Unverified,
    };
    let name = Arc::<str>::from("oidc");
    for sid in [None, Some("08a5019c-17e1-4977-8f42-65a12843ea02")] {
        let session = session("a", sid);
        let value = session.seal(&sealer, "c", now()).unwrap();
        let provider = |_| Some(Arc::clone(&name));
        let opened = session::open(&sealer, "c", value.as_bytes(), now(), &rules, provider);
        assert_eq!(opened, Some(session));
    }
}

#[test]
fn only_what_can_name_a_session_does() {
    for sid in ["", "with space", "줄", "\n", &"s".repeat(129)] {
        assert_eq!(ProviderSession::of(sid), None, "{sid:?}");
    }
    assert!(ProviderSession::of(&"s".repeat(128)).is_some());
}

#[tokio::test]
async fn what_was_said_of_an_earlier_time_ends_nothing_begun_since() {
    let revocations = revocations();
    let then = UnixTime::from_secs(NOW - 30);
    let revocation = || Revocation::of_subject(binding(), "a", then, LIFE);
    publish(&revocations, revocation()).await;
    let through = |revocations: &Revocations| {
        let user = session("a", None).user;
        revocations.through(binding(), &user).unwrap()
    };
    let mut since = session("a", None);
    since.user.authenticated_at = through(&revocations).after(Duration::from_secs(1)).into();
    // The same again, as when the provider did not get the answer.
    publish(&revocations, revocation()).await;
    assert!(!revocations.has_ended(binding(), &since.user));
}

#[test]
fn a_clock_far_ahead_does_not_date_the_next_sign_in_far_ahead() {
    let sealer = Sealer::for_tests(&SessionKey::random(), Purpose::Revocation);
    let tomorrow = now().after(Duration::from_secs(24 * 60 * 60));
    let told = Revocation::of_subject(binding(), "a", tomorrow, LIFE);
    let payload = told.seal(&sealer, tomorrow).unwrap();
    let read = Revocation::open(&sealer, &payload, now()).unwrap();
    assert!(read.through <= now().after(Duration::from_secs(180)));
}

#[test]
fn the_longest_person_fits_into_a_cookie() {
    let sealer = Sealer::for_tests(&SessionKey::random(), Purpose::Session);
    let mut session = session(&"s".repeat(255), Some("sid-1"));
    session.user.name = Some("\u{1f600}".repeat(40).into());
    session.user.email = Some("e".repeat(254).into());
    let value = session.seal(&sealer, "c", now()).unwrap();
    let rules = Rules {
        life: LIFE,
        idle: None,
        assurance: PhoneAssurance::Unverified,
    };
    let provider = |_| Some("oidc".into());
    let opened = session::open(&sealer, "c", value.as_bytes(), now(), &rules, provider);
    assert_eq!(opened, Some(session));
}

#[tokio::test]
async fn handled_events_are_known_until_no_copy_is_believed_and_are_bounded() {
    let revocations = revocations();
    let id = |number: u32| -> EventId { u128::from(number).to_be_bytes() };
    let until = now().after(Duration::from_secs(300));
    let events = (0..70_000).map(|number| Revocation::of_event(id(number), until));
    revocations.publish(events.collect()).await.unwrap();
    assert!(revocations.has_event(&id(0)) && !revocations.has_event(&id(69_999)));
    assert_eq!(revocations.shared.live.all().len(), 65_536);
    revocations
        .shared
        .live
        .prune(until.after(Duration::from_secs(1)));
    assert!(!revocations.has_event(&id(0)));
    publish(&revocations, Revocation::of_event(id(69_999), until)).await;
    assert!(revocations.has_event(&id(69_999)));
}
