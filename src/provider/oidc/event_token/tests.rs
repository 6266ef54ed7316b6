//! The times and the effects of logout tokens and security events.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, Method};
use serde_json::json;

use super::{
    super::{
        logout_token::{self, Scope},
        security_event::Stream,
    },
    *,
};
use crate::provider::event::{Event, EventEffect, EventError};

const NOW: u64 = 1_800_000_000;
const ISSUER: &str = "https://id.example.com";
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";
const DISABLED: &str = "https://schemas.openid.net/secevent/risc/event-type/account-disabled";

/// A token with these members more than the required ones. Its signature is none.
fn token(event: &str, more: Value) -> String {
    let mut claims = json!({
        "iss": ISSUER, "aud": "app", "iat": NOW, "jti": "j1", "events": { event: {} },
    });
    let Value::Object(more) = more else {
        unreachable!("{more}")
    };
    claims.as_object_mut().unwrap().extend(more);
    let header = json!({ "alg": "RS256", "kid": "k1", "typ": "JWT" });
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    format!("{header}.{claims}.c2ln")
}

fn logout(token: &str) -> Result<EventToken<'_>, EventError> {
    let now = UnixTime::from_secs(NOW);
    logout_token::read(token, ISSUER, "app", [now, now])
}

/// The part that is wrong. `None` if nothing is.
fn refused<T>(read: Result<T, EventError>) -> Option<&'static str> {
    match read {
        Ok(_) => None,
        Err(EventError::Part(part) | EventError::Differs(part, _)) => Some(part),
        Err(other) => unreachable!("{other:?}"),
    }
}

#[test]
fn a_logout_token_is_accepted_for_five_minutes_and_the_skew_on_both_sides() {
    for (more, part) in [
        (json!({ "iat": NOW - 360 }), None),
        (json!({ "iat": NOW - 361 }), Some("iat")),
        (json!({ "iat": NOW + 360 }), None),
        (json!({ "iat": NOW + 361 }), Some("iat")),
        (json!({ "iat": null }), Some("iat")),
        (json!({ "exp": NOW - 59 }), None),
        (json!({ "exp": NOW - 60 }), Some("exp")),
        (json!({ "exp": null }), None),
        (json!({ "exp": "soon" }), Some("exp")),
        (json!({ "nbf": NOW + 360 }), None),
        (json!({ "nbf": NOW + 361 }), Some("nbf")),
        (json!({ "azp": null }), None),
        (json!({ "azp": "app" }), None),
        (json!({ "azp": "another" }), Some("azp")),
    ] {
        let token = token(LOGOUT, more.clone());
        assert_eq!(refused(logout(&token)), part, "{more}");
    }
}

#[test]
fn the_members_of_a_token_count_after_its_signature_was_verified() {
    let token = token(LOGOUT, json!({ "sub": "u1", "sid": "" }));
    let token = logout(&token).unwrap();
    assert_eq!(token.key_id(), Some("k1"));
    assert_eq!((token.text("sub"), token.text("sid")), (Some("u1"), None));
    assert_eq!(token.issued_at(), Some(UnixTime::from_secs(NOW)));
    let verified = token.verify(&KeySet::default(), &[Algorithm::Rs256]);
    assert!(verified.unwrap_err().is_of_key());
}

#[test]
fn a_logout_token_ends_a_session_and_all_of_the_user_only_if_it_must() {
    use EventEffect::{SessionEnded, SessionOfSubjectEnded, SubjectEnded};

    let (user, session) = (|| "u1".to_owned(), || "s1".to_owned());
    let both = || json!({ "sub": "u1", "sid": "s1" });
    let of_both = SessionOfSubjectEnded {
        session: session(),
        subject: user(),
    };
    for (more, [ends_all, names_sessions], expected) in [
        (
            json!({ "sid": "s1" }),
            [false, true],
            vec![SessionEnded(session())],
        ),
        (
            json!({ "sub": "u1" }),
            [false, true],
            vec![SubjectEnded(user())],
        ),
        (both(), [false, true], vec![of_both]),
        (both(), [false, false], vec![SubjectEnded(user())]),
        (
            both(),
            [true, true],
            vec![SessionEnded(session()), SubjectEnded(user())],
        ),
    ] {
        let token = token(LOGOUT, more.clone());
        let scope = Scope {
            ends_all,
            names_sessions,
        };
        let event = logout_token::verified_event(&logout(&token).unwrap(), scope).unwrap();
        assert_eq!(
            event.effects, expected,
            "{more} {ends_all} {names_sessions}"
        );
        assert_eq!(event.id.as_deref(), Some("j1"));
    }
}

/// The effects of a security event, or the part that is wrong.
fn received(more: Value) -> Result<Vec<EventEffect>, EventError> {
    let now = UnixTime::from_secs(NOW);
    let stream = Stream {
        issuers: &[ISSUER],
        client_id: "app",
        now,
        at_provider: now,
    };
    let (token, headers) = (token(DISABLED, more), HeaderMap::new());
    let token = stream.read(Event {
        method: &Method::POST,
        headers: &headers,
        query: None,
        body: token.as_bytes(),
    })?;
    Ok(stream.verified_event(&token).effects)
}

#[test]
fn a_security_event_is_accepted_for_a_day_and_the_skew() {
    let day = 24 * 60 * 60;
    for (age, part) in [(0, None), (day + 60, None), (day + 61, Some("iat"))] {
        let read = received(json!({ "iat": NOW - age, "sub": "u1" }));
        assert_eq!(refused(read), part, "{age}");
    }
}

#[test]
fn a_security_event_is_about_a_subject_of_its_issuer() {
    let subject = |format: &str, iss: &str, sub: &str| json!({ "sub_id": { "format": format, "iss": iss, "sub": sub }, "sub": "another" });
    for (more, user) in [
        (json!({ "sub": "u1" }), Some("u1")),
        (subject("iss_sub", ISSUER, "u1"), Some("u1")),
        (subject("iss-sub", ISSUER, "u1"), Some("u1")),
        (
            subject("iss_sub", "https://another.example.com", "u1"),
            None,
        ),
        (subject("opaque", ISSUER, "u1"), None),
        (subject("iss_sub", ISSUER, ""), None),
    ] {
        let ended = |user: &str| EventEffect::SubjectEnded(user.to_owned());
        let expected: Vec<EventEffect> = user.map(ended).into_iter().collect();
        assert_eq!(received(more.clone()).unwrap(), expected, "{more}");
    }
}
