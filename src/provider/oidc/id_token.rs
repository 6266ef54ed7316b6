//! Validation of ID tokens (OpenID Connect Core section 3.1.3.7). The functions are pure; the
//! current time is a parameter.

use std::time::Duration;

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    algorithm::Algorithm,
    describe,
    jws::{self, Jws},
    key_set::KeySet,
    numeric_date,
    refusal::Refusal,
};
use crate::{
    clock::UnixTime,
    error::{LoginErrorKind, Mismatch, ProviderError},
};

/// The clock skew that is tolerated in both directions. RFC 7519 section 4.1.4 permits "some small
/// leeway, usually no more than a few minutes".
pub(super) const SKEW: Duration = Duration::from_secs(60);

/// The values that an ID token must have.
pub(crate) struct Expected<'a> {
    /// The accepted issuers. Only Google has two notations of its issuer.
    pub(crate) issuers: &'a [&'a str],
    pub(crate) client_id: &'a str,
    /// Further audiences that a token without `azp` may have.
    pub(crate) trusted: &'a [String],
    pub(crate) nonce: &'a str,
    /// Accepts a token without a nonce. A nonce that is present must still be right.
    pub(crate) nonce_may_lack: bool,
    /// The access token of the same response, for `at_hash`. `None` skips that check.
    pub(crate) access_token: Option<&'a str>,
    pub(crate) now: UnixTime,
}

/// The claims of a verified ID token. A value of this type exists only after [`verify`].
#[derive(Debug)]
pub(crate) struct Claims {
    /// The `sub`, which is not empty.
    pub(crate) subject: String,
    /// All claims, `sub` among them.
    pub(crate) all: Map<String, Value>,
}

/// Validates `token`: first its form and its signature by one of `algorithms`, then its claims.
/// `Refusal::is_of_key` tells the caller that newer keys may verify the token.
pub(crate) fn verify(
    token: &str,
    keys: &KeySet,
    algorithms: &[Algorithm],
    expected: &Expected<'_>,
) -> Result<Claims, Refusal> {
    let jws = Jws::parse(token)?;
    // A token of another type, such as a logout token, must not serve as an ID token (RFC 8725
    // section 3.11).
    if jws.has_type_other_than(&["JWT"]) {
        return Err(jws.of_another_type(&["JWT"]));
    }
    let (payload, algorithm) = jws::verified_payload(&jws, keys, algorithms)?;
    // A repeated claim counts by its last value (RFC 7519 section 4).
    let all = serde_json::from_slice(&payload).map_err(|_| jws::no_claims())?;
    check(&all, expected)?;
    let subject = subject(&all)?;
    check_access_token(&all, expected, algorithm)?;
    Ok(Claims { subject, all })
}

/// A claim that is a text. Null counts as missing. Any other type is refused.
fn text<'a>(
    claims: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, Refusal> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::of_part(
            name,
            describe::private(claims, name, "a text"),
        )),
    }
}

/// The audiences. `aud` is one text or a list of texts. `None` if it is missing or has another
/// type.
fn audiences(claims: &Map<String, Value>) -> Option<Vec<&str>> {
    match claims.get("aud")? {
        Value::String(one) => Some(vec![one]),
        Value::Array(several) => several.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// Checks the claims in the order of section 3.1.3.7. The numbers below are its steps.
fn check(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Refusal> {
    check_issuer(claims, expected)?;
    check_audience(claims, expected)?;
    check_times(claims, expected.now)?;
    // (13) `auth_time` refuses no sign-in. Routes that require a fresh sign-in check it.
    check_nonce(claims, expected)
}

/// (2) `iss` is the issuer.
fn check_issuer(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Refusal> {
    match text(claims, "iss")? {
        Some(issuer) if expected.issuers.contains(&issuer) => Ok(()),
        _ => {
            let issuers = expected.issuers.join(" or ");
            Err(Refusal::of_part(
                "iss",
                describe::claim(claims, "iss", &issuers),
            ))
        }
    }
}

/// (3) `aud` contains this client. (4, 5) `azp`, if present, is this client. Without `azp`, each
/// further audience must be one that the application trusts. `azp` is checked first, because it
/// names the client more exactly.
fn check_audience(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Refusal> {
    let client_id = expected.client_id;
    let refuse = |name, wanted: &str| Refusal::of_part(name, describe::claim(claims, name, wanted));
    let party = text(claims, "azp")?;
    if party.is_some_and(|party| party != client_id) {
        return Err(refuse("azp", client_id));
    }
    let audiences = audiences(claims).filter(|all| all.contains(&client_id));
    let audiences = audiences.ok_or_else(|| refuse("aud", client_id))?;
    let trusts = |one: &&str| *one == client_id || expected.trusted.iter().any(|own| own == one);
    // An `azp` that names this client shows for which client the token was issued.
    if party.is_some() || audiences.iter().all(trusts) {
        Ok(())
    } else {
        let wanted = format!("{client_id} alone, or an azp that names it");
        Err(refuse("aud", &wanted))
    }
}

/// (9, 10) `exp` and `iat` are required, `nbf` (RFC 7519 section 4.1.5) is optional. A time that is
/// not a number is refused.
fn check_times(claims: &Map<String, Value>, now: UnixTime) -> Result<(), Refusal> {
    // A `NumericDate` may have a fraction, so times are compared as floating point numbers.
    let (now, skew) = (now.as_f64(), SKEW.as_secs_f64());
    let time = |name| numeric_date::claim(claims, name);
    let refuse = |name, wanted: &str| {
        let mismatch = match time(name) {
            Some(time) => Mismatch::new(wanted, &describe::distance(time, now)),
            None => describe::private(claims, name, wanted),
        };
        let difference = describe::difference(time("iat"), now);
        Refusal::of_part(name, mismatch.of_clocks(difference))
    };
    if !time("exp").is_some_and(|end| now < end + skew) {
        return Err(refuse("exp", "a time less than 60 s ago, or ahead"));
    }
    let has_begun = |name| time(name).is_some_and(|start| start <= now + skew);
    let begins = claims.get("nbf").is_some_and(|start| !start.is_null());
    for (name, is_needed) in [("iat", true), ("nbf", begins)] {
        if is_needed && !has_begun(name) {
            return Err(refuse(name, "a time ago, or at most 60 s ahead"));
        }
    }
    Ok(())
}

/// (11) `nonce` is the one of this sign-in, so that a token of another sign-in cannot be injected.
/// The comparison takes constant time.
fn check_nonce(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Refusal> {
    let found = match text(claims, "nonce")? {
        Some(nonce) => {
            if verify_slices_are_equal(nonce.as_bytes(), expected.nonce.as_bytes()).is_ok() {
                return Ok(());
            }
            "another"
        }
        None if expected.nonce_may_lack => return Ok(()),
        None => describe::MISSING,
    };
    let mismatch = Mismatch::new("the nonce of this sign-in", found);
    Err(Refusal::of_part("nonce", mismatch))
}

/// `sub`, which may be any non-empty text. Its length is checked when the user is made.
fn subject(claims: &Map<String, Value>) -> Result<String, Refusal> {
    let code = match claims.get("sub") {
        Some(Value::String(subject)) if !subject.is_empty() => return Ok(subject.clone()),
        Some(Value::String(_)) => "sub_empty",
        None | Some(Value::Null) => "sub_missing",
        Some(_) => "sub_type",
    };
    Err(Refusal::of_part(
        code,
        describe::private(claims, "sub", "a text"),
    ))
}

/// `at_hash`, if present, is the left half of the access token's hash (section 3.1.3.6). Ory Hydra
/// uses SHA-256 with every algorithm, which is accepted, because its 16 bytes bind the token as
/// well.
fn check_access_token(
    claims: &Map<String, Value>,
    expected: &Expected<'_>,
    algorithm: Algorithm,
) -> Result<(), Refusal> {
    let (Some(claimed), Some(token)) = (text(claims, "at_hash")?, expected.access_token) else {
        return Ok(());
    };
    let is_left_half_of = |hash| {
        let hash = digest(hash, token.as_bytes());
        let (left, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
        let left = URL_SAFE_NO_PAD.encode(left);
        verify_slices_are_equal(left.as_bytes(), claimed.as_bytes()).is_ok()
    };
    if is_left_half_of(algorithm.hash()) || is_left_half_of(&SHA256) {
        Ok(())
    } else {
        let mismatch = Mismatch::new("the hash of this access token", "another");
        Err(Refusal::of_part("at_hash", mismatch))
    }
}

/// The error of a sign-in that this part of the ID token refuses.
pub(super) fn refuse(part: &'static str) -> ProviderError {
    ProviderError::with_code(LoginErrorKind::IdTokenRejected, part)
}
