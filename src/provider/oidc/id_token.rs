//! ID tokens, verified as OpenID Connect Core section 3.1.3.7 asks. Pure: the time is a parameter.

use std::time::Duration;

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    algorithm::Algorithm,
    jws::{self, Jws},
    key_set::KeySet,
    numeric_date,
};
use crate::{
    clock::UnixTime,
    error::{LoginError, LoginErrorKind},
};

/// Clocks differ: this much is forgiven, both ways.
pub(super) const SKEW: Duration = Duration::from_secs(60);

/// What an ID token must say.
pub(crate) struct Expected<'a> {
    /// More than one for Google alone, which writes its issuer in two ways.
    pub(crate) issuers: &'a [&'a str],
    pub(crate) client_id: &'a str,
    /// Other audiences that a token without `azp` may be for as well.
    pub(crate) trusted: &'a [String],
    pub(crate) nonce: &'a str,
    /// Accept a token without a nonce; one that is there must be right.
    pub(crate) nonce_may_lack: bool,
    /// The access token that came along, for `at_hash`.
    pub(crate) access_token: Option<&'a str>,
    pub(crate) now: UnixTime,
}

/// The claims of a verified ID token.
#[derive(Debug)]
pub(crate) struct Claims {
    pub(crate) subject: String,
    pub(crate) all: Map<String, Value>,
}

/// Why an ID token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No key of the set made the signature: the keys may have been rotated.
    Key,
    /// It is signed with a sound algorithm that is none of the accepted ones: the provider may have changed it.
    Unannounced(Algorithm),
    /// It is signed with an algorithm that is never accepted.
    Algorithm(&'static str),
    /// The named part is missing or wrong.
    Part(&'static str),
}

impl Refusal {
    pub(crate) fn part(self) -> &'static str {
        match self {
            Self::Key => "signature",
            Self::Unannounced(_) | Self::Algorithm(_) => "alg",
            Self::Part(part) => part,
        }
    }

    /// The algorithm because of which it is refused.
    pub(super) fn algorithm(self) -> Option<&'static str> {
        match self {
            Self::Unannounced(algorithm) => Some(algorithm.name()),
            Self::Algorithm(name) => Some(name),
            Self::Key | Self::Part(_) => None,
        }
    }
}

/// Verifies `token`: first the signature, made with one of `algorithms`, then what it says.
pub(crate) fn verify(
    token: &str,
    keys: &KeySet,
    algorithms: &[Algorithm],
    expected: &Expected<'_>,
) -> Result<Claims, Refusal> {
    let jws = Jws::parse(token)?;
    if jws.has_type_other_than(&["JWT"]) {
        return Err(Refusal::Part("typ"));
    }
    let (payload, algorithm) = jws::verified_payload(&jws, keys, algorithms)?;
    // RFC 7519 section 4: of a claim that is there twice, the last one counts.
    let all = serde_json::from_slice(&payload).map_err(|_| Refusal::Part("claims"))?;
    check(&all, expected)?;
    let subject = subject(all.get("sub"))?;
    check_access_token(&all, expected, algorithm)?;
    Ok(Claims { subject, all })
}

/// The text of a claim. Null is as good as missing.
fn text<'a>(
    claims: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, Refusal> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::Part(name)),
    }
}

/// One text, or a list of texts.
fn audiences(claims: &Map<String, Value>) -> Option<Vec<&str>> {
    match claims.get("aud")? {
        Value::String(one) => Some(vec![one]),
        Value::Array(several) => several.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// In the order of section 3.1.3.7.
fn check(claims: &Map<String, Value>, expected: &Expected<'_>) -> Result<(), Refusal> {
    let Expected {
        issuers,
        client_id,
        now,
        ..
    } = expected;
    let refuse_unless = |holds: bool, part| {
        if holds {
            Ok(())
        } else {
            Err(Refusal::Part(part))
        }
    };
    let (now, skew) = (now.as_f64(), SKEW.as_secs_f64());

    let issuer = text(claims, "iss")?.unwrap_or_default();
    refuse_unless(issuers.contains(&issuer), "iss")?;
    // (4, 5) The authorized party is us. (3) The token is for us; if no authorized party says that it was made for us, it
    // is for nobody else whom the application does not trust.
    let party = text(claims, "azp")?;
    refuse_unless(party.is_none_or(|party| party == *client_id), "azp")?;
    let audiences = audiences(claims).ok_or(Refusal::Part("aud"))?;
    refuse_unless(audiences.contains(client_id), "aud")?;
    let trusts = |one: &&str| one == client_id || expected.trusted.iter().any(|own| own == one);
    refuse_unless(party.is_some() || audiences.iter().all(trusts), "aud")?;
    // (9, 10), and RFC 7519 section 4.1.5. A token that is no number here is refused.
    let time = |name| numeric_date::claim(claims, name);
    refuse_unless(time("exp").is_some_and(|end| now < end + skew), "exp")?;
    let has_begun = |name| time(name).is_some_and(|start| start <= now + skew);
    refuse_unless(has_begun("iat"), "iat")?;
    let begins = claims.get("nbf").is_some_and(|start| !start.is_null());
    refuse_unless(!begins || has_begun("nbf"), "nbf")?;
    // (11)
    let right = match text(claims, "nonce")? {
        Some(nonce) => verify_slices_are_equal(nonce.as_bytes(), expected.nonce.as_bytes()).is_ok(),
        None => expected.nonce_may_lack,
    };
    // (13) `auth_time` refuses nobody: the routes that ask for a fresh sign-in judge it.
    refuse_unless(right, "nonce")
}

/// Any text; its length is judged where it is kept.
fn subject(sub: Option<&Value>) -> Result<String, Refusal> {
    Err(Refusal::Part(match sub {
        Some(Value::String(subject)) if !subject.is_empty() => return Ok(subject.clone()),
        Some(Value::String(_)) => "sub_empty",
        None | Some(Value::Null) => "sub_missing",
        Some(_) => "sub_type",
    }))
}

/// Section 3.1.3.6: the left half of the access token's hash, where the claim is there. Ory Hydra takes SHA-256 with every
/// algorithm: 16 bytes bind the token as well.
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
        Err(Refusal::Part("at_hash"))
    }
}

/// Why a login with it is refused.
pub(super) fn refuse(part: &'static str) -> LoginError {
    LoginError::with_code(LoginErrorKind::IdTokenRejected, part)
}
