//! Logout tokens (OpenID Connect Back-Channel Logout section 2.4), validated as section 2.6 asks.

use std::time::Duration;

use serde_json::Value;

use super::id_token::SKEW;
use super::{
    claims, describe,
    event_token::{EventToken, Expected},
    refusal::Refusal,
};
use crate::provider::event::{EventEffect, EventError, VerifiedEvent};
use crate::{clock::UnixTime, error::Mismatch};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Section 2.4 asks for an `exp` within two minutes. Not every server writes one (Ory Hydra, older ones of Keycloak and
/// authentik): with and without it, this is the end.
const OLDEST: Duration = Duration::from_secs(5 * 60);

/// Reads one, whose signature is still to be verified.
pub(super) fn read<'a>(
    token: &'a str,
    issuer: &str,
    client_id: &str,
    [now, at_provider]: [UnixTime; 2],
) -> Result<EventToken<'a>, EventError> {
    let expected = Expected {
        issuers: &[issuer],
        client_id,
        types: &["logout+jwt", "JWT"],
        oldest: OLDEST,
        now,
        at_provider,
    };
    let token = EventToken::read(token, &expected)?;
    let event = token.events().find(|(name, _)| *name == EVENT);
    if !event.is_some_and(|(_, event)| event.is_object()) {
        let mismatch = Mismatch::new("the event of back-channel logout", "another event");
        return Err(Refusal::of_part("events", mismatch).into());
    }
    // Section 2.4 knows no `azp`, so that a list of audiences needs none. One that is there names another client's token.
    let party = token.claims.get("azp");
    if party.is_some_and(|party| !party.is_null() && party != client_id) {
        let mismatch = describe::claim(&token.claims, "azp", client_id);
        return Err(Refusal::of_part("azp", mismatch).into());
    }
    // So that no ID token passes for one.
    if token.claims.contains_key("nonce") {
        let mismatch = Mismatch::new("a logout token without nonce", "a nonce");
        return Err(Refusal::of_part("nonce", mismatch).into());
    }
    for (name, wanted) in [("sub", "a text in sub"), ("sid", "a text in sid")] {
        if !token.claims.get(name).is_none_or(Value::is_string) {
            let mismatch = describe::private(&token.claims, name, wanted);
            return Err(Refusal::of_part("sub", mismatch).into());
        }
    }
    Ok(token)
}

/// Which sessions a token with `sub` and `sid` ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    /// As the metadata say, ID tokens may name one.
    pub(super) names_sessions: bool,
    /// All of the user's, as the application wants it.
    pub(super) ends_all: bool,
}

/// What a verified one ends. With both, it is that session, and those of the user that know no `sid`, if ID tokens may name
/// one; else all sessions of the user.
pub(super) fn verified_event(
    token: &EventToken<'_>,
    scope: Scope,
) -> Result<VerifiedEvent, EventError> {
    let subject = token.text("sub").map(str::to_owned);
    let sid = claims::sid(&token.claims).map(str::to_owned);
    let effects = match (subject, sid) {
        (None, Some(sid)) => vec![EventEffect::SessionEnded(sid)],
        (Some(subject), Some(sid)) if scope.ends_all => {
            vec![
                EventEffect::SessionEnded(sid),
                EventEffect::SubjectEnded(subject),
            ]
        }
        (Some(subject), Some(session)) if scope.names_sessions => {
            vec![EventEffect::SessionOfSubjectEnded { session, subject }]
        }
        (Some(subject), _) => vec![EventEffect::SubjectEnded(subject)],
        (None, None) => {
            let mismatch = Mismatch::new("sub or sid", describe::MISSING);
            return Err(Refusal::of_part("sub", mismatch).into());
        }
    };
    Ok(VerifiedEvent {
        effects,
        id: token.text("jti").map(str::to_owned),
        at: token.issued_at(),
        window: OLDEST.saturating_add(SKEW).saturating_add(SKEW),
    })
}
