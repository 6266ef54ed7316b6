//! A session comes back from its cookie as it was sealed.

use super::{
    details::UserTexts,
    id::{ProviderSession, SessionId},
    user::Known,
    *,
};
use crate::seal::{Purpose, key::SessionKey};

const LIFE: Duration = Duration::from_secs(60 * 60);

fn now() -> UnixTime {
    UnixTime::from_secs(1_800_000_000)
}

/// A session of a user with these texts that begins now, with or without a session at the provider.
pub(crate) fn session(texts: UserTexts<'_>, sid: Option<&str>) -> Session {
    let id = SessionId::random().unwrap();
    let facts = Facts {
        provider_session: sid.and_then(ProviderSession::of),
        ..Facts::of(id, now(), now().after(LIFE))
    };
    let phone = "+82 10-1234-5678".parse::<PhoneNumber>().unwrap();
    let phone = (phone, PhoneAssurance::Verified);
    let user = VerifiedUser::new(phone, "oidc".into(), texts, facts);
    let binding = Binding::new("oidc", "openid", "https://issuer.example", "client");
    Session::new(user, binding, now())
}

/// The session that a cookie of this session contains.
fn sealed_and_opened(session: &Session) -> Option<Session> {
    let sealer = Sealer::for_tests(&SessionKey::random(), Purpose::Session);
    let rules = Rules {
        life: LIFE,
        idle: None,
        assurance: PhoneAssurance::Unverified,
    };
    let value = session.seal(&sealer, "c", now()).unwrap();
    let provider = |_| Some("oidc".into());
    open(&sealer, "c", value.as_bytes(), now(), &rules, provider)
}

#[test]
fn the_sid_of_the_provider_is_in_the_session_cookie() {
    for sid in [None, Some("08a5019c-17e1-4977-8f42-65a12843ea02")] {
        let texts = UserTexts {
            subject: "a",
            ..UserTexts::default()
        };
        let session = session(texts, sid);
        assert_eq!(sealed_and_opened(&session), Some(session));
    }
}

#[test]
fn the_longest_user_fits_into_a_cookie() {
    let texts = UserTexts {
        subject: &"s".repeat(255),
        name: &"\u{1f600}".repeat(40),
        email: &"e".repeat(254),
        claims: &"c".repeat(512),
    };
    let mut session = session(texts, Some("sid-1"));
    let facts = session.user.facts_mut();
    facts.known = Known {
        subject: u64::MAX,
        at_provider: u64::MAX,
    };
    facts.claims_known = Some(u64::MAX);
    facts.confirmed_at = Some(now());
    facts.issued_at = Some(now());
    let session = session.tried(now());
    assert_eq!(sealed_and_opened(&session), Some(session));
}
