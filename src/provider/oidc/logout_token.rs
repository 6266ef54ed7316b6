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
/// Section 2.4 asks for an `exp` within two minutes; whatever it says, this is the end.
const OLDEST: Duration = Duration::from_secs(5 * 60);

/// Reads one, whose signature is still to be verified.
pub(super) fn read<'a>(
    token: &'a str,
    issuer: &str,
    client_id: &str,
    now: UnixTime,
) -> Result<EventToken<'a>, Unheard> {
    let expected = Expected {
        issuers: &[issuer],
        client_id,
        types: &["logout+jwt", "JWT"],
        must_expire: true,
        oldest: OLDEST,
        now,
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

/// What a verified one ends. With both, it is that session, and those of the person that know no `sid`, if the metadata
/// say that ID tokens may name one; else all sessions of the person.
pub(super) fn heard(token: &EventToken<'_>, names_sessions: bool) -> Result<Heard, Unheard> {
    let told = match (token.text("sub"), claims::sid(&token.claims)) {
        (None, Some(sid)) => Told::SessionEnded(sid.to_owned()),
        (Some(subject), Some(sid)) if names_sessions => Told::SessionOfSubjectEnded {
            session: sid.to_owned(),
            subject: subject.to_owned(),
        },
        (Some(subject), _) => Told::SubjectEnded(subject.to_owned()),
        (None, None) => return Err(Unheard::Part("sub")),
    };
    Ok(Heard {
        told: vec![told],
        id: token.text("jti").map(str::to_owned),
        at: token.issued_at(),
        window: OLDEST + SKEW,
    })
}
