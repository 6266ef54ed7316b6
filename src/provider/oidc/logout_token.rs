//! Logout tokens (OpenID Connect Back-Channel Logout section 2.4) and their validation (section
//! 2.6).

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

/// The member of `events` that makes a token a logout token (section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// The greatest age by `iat`, with and without `exp`. Section 2.4 recommends an `exp` within two
/// minutes, but not every server writes one (Ory Hydra, older versions of Keycloak and authentik).
const OLDEST: Duration = Duration::from_secs(5 * 60);

/// Parses a logout token and checks its claims. The signature is verified afterwards, because only
/// a token with the right claims may cause a fetch of keys.
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
    // Section 2.4 defines no `azp`, so a list of audiences needs none. An `azp` of another client
    // is refused.
    let party = token.claims.get("azp");
    if party.is_some_and(|party| !party.is_null() && party != client_id) {
        let mismatch = describe::claim(&token.claims, "azp", client_id);
        return Err(Refusal::of_part("azp", mismatch).into());
    }
    // Section 2.6 forbids a nonce, so that an ID token cannot serve as a logout token.
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

/// The extent of a token that has both `sub` and `sid`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    /// ID tokens of this provider may name their session, by its metadata.
    pub(super) names_sessions: bool,
    /// The setting `logout_tokens_end_all_sessions`.
    pub(super) ends_all: bool,
}

/// The effects of a verified token. A token with `sub` and `sid` ends that session and the user's
/// sessions without a `sid`, if ID tokens may name their session. Otherwise no session here can be
/// found by its `sid`, so all sessions of the user end.
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
        // A copy is accepted for the greatest age, by a clock that may be wrong in both directions.
        window: OLDEST.saturating_add(SKEW).saturating_add(SKEW),
    })
}
