//! Logout tokens (OpenID Connect Back-Channel Logout section 2.4), validated as section 2.6 asks.

use std::time::Duration;

use serde_json::Value;

use super::id_token::SKEW;
use super::{
    super::event::{Heard, Told, Unheard},
    claims,
    event_token::{EventToken, Expected},
};
use crate::clock::UnixTime;

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
) -> Result<EventToken<'a>, Unheard> {
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
        return Err(Unheard::Part("events"));
    }
    // Section 2.4 knows no `azp`, so that a list of audiences needs none. One that is there names another client's token.
    let party = token.claims.get("azp");
    if party.is_some_and(|party| !party.is_null() && party != client_id) {
        return Err(Unheard::Part("azp"));
    }
    // So that no ID token passes for one.
    if token.claims.contains_key("nonce") {
        return Err(Unheard::Part("nonce"));
    }
    let named = |name| token.claims.get(name).is_none_or(Value::is_string);
    if !named("sub") || !named("sid") {
        return Err(Unheard::Part("sub"));
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
pub(super) fn heard(token: &EventToken<'_>, scope: Scope) -> Result<Heard, Unheard> {
    let subject = token.text("sub").map(str::to_owned);
    let sid = claims::sid(&token.claims).map(str::to_owned);
    let told = match (subject, sid) {
        (None, Some(sid)) => vec![Told::SessionEnded(sid)],
        (Some(subject), Some(sid)) if scope.ends_all => {
            vec![Told::SessionEnded(sid), Told::SubjectEnded(subject)]
        }
        (Some(subject), Some(session)) if scope.names_sessions => {
            vec![Told::SessionOfSubjectEnded { session, subject }]
        }
        (Some(subject), _) => vec![Told::SubjectEnded(subject)],
        (None, None) => return Err(Unheard::Part("sub")),
    };
    Ok(Heard {
        told,
        id: token.text("jti").map(str::to_owned),
        at: token.issued_at(),
        window: OLDEST.saturating_add(SKEW).saturating_add(SKEW),
    })
}
