//! Security event tokens (RFC 8417). A logout token is one kind of them. The functions are pure;
//! the current time is a parameter.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{
    algorithm::Algorithm,
    describe,
    id_token::SKEW,
    jws::{self, Jws},
    key_set::KeySet,
    numeric_date,
    refusal::Refusal,
};
use crate::{clock::UnixTime, error::Mismatch};

#[cfg(test)]
mod tests;

/// How far the provider's clock may be ahead, in addition to the skew. The value is generous,
/// because a refused token leaves sessions alive, while an accepted one can only end sessions.
const AHEAD: Duration = Duration::from_secs(5 * 60);

/// The values that an event token must have.
pub(crate) struct Expected<'a> {
    /// The accepted issuers. Only Google has more than one notation of its issuer.
    pub(crate) issuers: &'a [&'a str],
    pub(crate) client_id: &'a str,
    /// The accepted values of `typ`, without `application/`.
    pub(crate) types: &'a [&'a str],
    /// The greatest age by `iat`, without the skew.
    pub(crate) oldest: Duration,
    pub(crate) now: UnixTime,
    /// The present time by the provider's clock.
    pub(crate) at_provider: UnixTime,
}

/// A token whose claims were checked and whose signature was not. No effect may follow from it
/// before [`verify`](Self::verify).
pub(crate) struct EventToken<'a> {
    jws: Jws<'a>,
    pub(crate) claims: Map<String, Value>,
}

impl<'a> EventToken<'a> {
    /// Parses a token and checks its claims. The claims are checked before the signature, so that a
    /// wrong token causes no fetch of keys. They count only after [`verify`](Self::verify).
    pub(crate) fn read(token: &'a str, expected: &Expected<'_>) -> Result<Self, Refusal> {
        let jws = Jws::parse(token)?;
        if jws.has_type_other_than(expected.types) {
            return Err(jws.of_another_type(expected.types));
        }
        let payload = jws.unverified_payload().ok_or_else(jws::no_base64)?;
        let claims = serde_json::from_slice(&payload).map_err(|_| jws::no_claims())?;
        check(&claims, expected)?;
        Ok(Self { jws, claims })
    }

    /// Verifies the signature by `keys`, with one of `algorithms`.
    pub(crate) fn verify(&self, keys: &KeySet, algorithms: &[Algorithm]) -> Result<(), Refusal> {
        jws::verified_payload(&self.jws, keys, algorithms).map(drop)
    }

    /// The `kid` of the header. The sender chooses it.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.jws.key_id.as_deref()
    }

    /// A claim that is a non-empty text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        text(&self.claims, name)
    }

    /// The time of `iat`, in whole seconds.
    pub(crate) fn issued_at(&self) -> Option<UnixTime> {
        let seconds = numeric_date::claim(&self.claims, "iat")?;
        // `numeric_date` has refused negative and infinite numbers. A number beyond the range of a
        // duration is no time either.
        let since = Duration::try_from_secs_f64(seconds).ok()?;
        Some(UnixTime::from_secs(since.as_secs()))
    }

    /// The members of `events`, each with its name and its content (RFC 8417 section 2.2).
    pub(crate) fn events(&self) -> impl Iterator<Item = (&str, &Value)> {
        let events = self.claims.get("events").and_then(Value::as_object);
        let events = events.into_iter().flatten();
        events.map(|(name, event)| (name.as_str(), event))
    }
}

/// A claim that is a non-empty text.
pub(super) fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let text = claims.get(name).and_then(Value::as_str);
    text.filter(|text| !text.is_empty())
}

/// Checks the claims (RFC 8417 section 2.2, Back-Channel Logout section 2.6). The order decides
/// which fault the log names, if a token has several.
fn check(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Refusal> {
    let issuer = text(claims, "iss");
    if !issuer.is_some_and(|sent| expected.issuers.contains(&sent)) {
        let issuers = expected.issuers.join(" or ");
        return Err(Refusal::of_part(
            "iss",
            describe::claim(claims, "iss", &issuers),
        ));
    }
    if !is_for(claims.get("aud"), expected.client_id) {
        return Err(Refusal::of_part(
            "aud",
            describe::claim(claims, "aud", expected.client_id),
        ));
    }
    // The times are checked by the clock of this server, then by the provider's, because a wrong
    // clock here must not keep sessions alive.
    let times = check_times(claims, expected, expected.now);
    times.or_else(|refusal| {
        check_times(claims, expected, expected.at_provider).map_err(|_| refusal)
    })?;
    // Without an id, a copy of the token could not be recognized.
    if text(claims, "jti").is_none() {
        return Err(Refusal::of_part(
            "jti",
            describe::private(claims, "jti", "a text"),
        ));
    }
    let events = claims.get("events").and_then(Value::as_object);
    if events.is_none_or(Map::is_empty) {
        let mismatch = describe::private(claims, "events", "an object with an event");
        return Err(Refusal::of_part("events", mismatch));
    }
    Ok(())
}

/// Checks `iat`, `exp` and `nbf`. `iat` is required, the others are optional. Without `exp`, the
/// age by `iat` alone limits the token.
fn check_times(
    claims: &Map<String, Value>,
    expected: &Expected<'_>,
    now: UnixTime,
) -> Result<(), Refusal> {
    let (now, skew) = (now.as_f64(), SKEW.as_secs_f64());
    let number = |name: &str| {
        let value = claims.get(name).filter(|value| !value.is_null());
        value.map(numeric_date::read)
    };
    // The skew counts on both sides, because the two clocks may differ in both directions.
    let (oldest, furthest) = (
        expected.oldest.as_secs_f64() + skew,
        AHEAD.as_secs_f64() + skew,
    );
    let refuse = |name: &'static str, wanted: &str| {
        let mismatch = match number(name).flatten() {
            Some(time) => Mismatch::new(wanted, &describe::distance(time, now)),
            None => describe::private(claims, name, wanted),
        };
        let difference = describe::difference(number("iat").flatten(), now);
        Refusal::of_part(name, mismatch.of_clocks(difference))
    };
    let issued_at = number("iat").flatten();
    if !issued_at.is_some_and(|at| (now - oldest..=now + furthest).contains(&at)) {
        let wanted = format!("a time at most {oldest} s ago and {furthest} s ahead");
        return Err(refuse("iat", &wanted));
    }
    if !number("exp").is_none_or(|at| at.is_some_and(|at| now < at + skew)) {
        return Err(refuse("exp", "a time less than 60 s ago, or ahead"));
    }
    if !number("nbf").is_none_or(|at| at.is_some_and(|at| at <= now + furthest)) {
        return Err(refuse("nbf", &format!("a time at most {furthest} s ahead")));
    }
    Ok(())
}

/// Whether the token is for this client. Further audiences are accepted, because an event token
/// ends sessions and cannot sign a user in.
fn is_for(audience: Option<&Value>, client_id: &str) -> bool {
    match audience {
        Some(Value::Array(several)) => several.iter().any(|one| one == client_id),
        Some(one) => one == client_id,
        None => false,
    }
}
