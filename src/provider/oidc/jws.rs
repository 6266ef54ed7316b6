//! Signed tokens in compact form (JWS, RFC 7515): parsing and signature verification.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;

use super::{
    algorithm::{Algorithm, HeaderAlgorithm},
    describe,
    key::id,
    key_set::KeySet,
    refusal::{Refusal, Why},
};
use crate::error::Mismatch;

#[cfg(test)]
mod tests;

/// The longest token, in bytes. A longer one is refused unread. The limit equals that of a whole
/// response, because Active Directory has photos of 100 KB, and some servers put them into ID
/// tokens.
const LONGEST: usize = 256 * 1024;

/// A parsed JWS. Nothing in it is verified.
pub(crate) struct Jws<'a> {
    /// The `alg`. It never decides alone how the signature is verified.
    algorithm: HeaderAlgorithm,
    /// The `kid`, if there is one.
    pub(super) key_id: Option<String>,
    /// The `typ`, if there is one.
    kind: Option<String>,
    /// Header and payload with the dot between them, as they were signed.
    signed: &'a str,
    /// In base64url.
    payload: &'a str,
    /// In base64url.
    signature: &'a str,
}

/// The members of the header that are read. The others are ignored, among them all that carry keys.
#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Value,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

impl<'a> Jws<'a> {
    /// Parses the header and splits the token. A token with `crit` is refused (RFC 7515 section
    /// 4.1.11). Keys in the header (`jwk`, `jku`, `x5c`) are never used, because the sender would
    /// then choose its own key.
    pub(crate) fn parse(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > LONGEST {
            let mismatch = Mismatch::new(
                &format!("at most {LONGEST} bytes"),
                &format!("{} bytes", token.len()),
            );
            return Err(Refusal::of_part("too_large", mismatch));
        }
        let parts = || {
            let parts = token.split('.').count();
            no_form("a signed token of three parts", &format!("{parts} parts"))
        };
        let no_header = || no_form("a header in base64url and JSON with alg", "another");
        // The token is split from the right, so that an encrypted token of five parts has its
        // header at the front, too, and gets an error of its own.
        let (signed, signature) = token.rsplit_once('.').ok_or_else(parts)?;
        let (header, payload) = signed.split_once('.').ok_or_else(parts)?;
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| no_header())?;
        let header: Header = serde_json::from_slice(&header).map_err(|_| no_header())?;
        // A token of five parts is encrypted (RFC 7516 section 9).
        if payload.matches('.').count() == 2 {
            let mismatch = Mismatch::new("a signed token", "an encrypted token of five parts");
            return Err(Refusal::of_part("encrypted", mismatch));
        }
        if header.crit.is_some() {
            return Err(no_form("a header without crit", "a header with crit"));
        }
        Ok(Self {
            algorithm: HeaderAlgorithm::of(&header.alg),
            key_id: id(&header.kid),
            kind: header.typ,
            signed,
            payload,
            signature,
        })
    }

    /// Whether the header's `typ` is another type than `expected` (RFC 8725 section 3.11). A token
    /// without `typ` passes, because most ID tokens have none. Media types are given without
    /// `application/`.
    pub(crate) fn has_type_other_than(&self, expected: &[&str]) -> bool {
        self.kind.as_deref().is_some_and(|kind| {
            let kind = short_type(kind);
            !expected.iter().any(|one| kind.eq_ignore_ascii_case(one))
        })
    }

    /// The refusal for a token of another type. The found type is shown only if its characters are
    /// safe in a log.
    pub(super) fn of_another_type(&self, expected: &[&str]) -> Refusal {
        const LONGEST: usize = 40;

        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-+./".contains(c);
        let kind = match self.kind.as_deref() {
            Some(kind) if kind.len() <= LONGEST && kind.chars().all(is_plain) => kind,
            Some(_) => "another",
            None => describe::MISSING,
        };
        Refusal::of_part("typ", Mismatch::new(&expected.join(" or "), kind))
    }

    /// The payload before its signature was verified. `None` if it is not base64url.
    pub(crate) fn unverified_payload(&self) -> Option<Vec<u8>> {
        URL_SAFE_NO_PAD.decode(self.payload).ok()
    }
}

/// A media type without `application/`, which may be omitted if no other slash follows (RFC 7515
/// section 4.1.9). Media types are case-insensitive.
fn short_type(kind: &str) -> &str {
    match kind.split_once('/') {
        Some((tree, rest)) if tree.eq_ignore_ascii_case("application") => rest,
        _ => kind,
    }
}

/// The payload and the algorithm, if one of `keys` verifies the signature with one of `algorithms`.
/// The application and the provider choose the algorithms. The token's own `alg` never adds one.
pub(crate) fn verified_payload(
    jws: &Jws<'_>,
    keys: &KeySet,
    algorithms: &[Algorithm],
) -> Result<(Vec<u8>, Algorithm), Refusal> {
    let algorithm = match jws.algorithm {
        HeaderAlgorithm::Known(algorithm) if algorithms.contains(&algorithm) => algorithm,
        // A secure algorithm that is not announced may be announced by newer metadata.
        HeaderAlgorithm::Known(algorithm) if Algorithm::SECURE.contains(&algorithm) => {
            let why = Why::Unannounced(algorithm);
            return Err(Refusal::new(why, of_algorithms(jws, algorithms)));
        }
        refused => {
            let why = Why::Algorithm(refused.name());
            return Err(Refusal::new(why, of_algorithms(jws, algorithms)));
        }
    };
    let decoded = |part| {
        let decoded = URL_SAFE_NO_PAD.decode(part);
        decoded.map_err(|_| no_base64())
    };
    let (signature, payload) = (decoded(jws.signature)?, decoded(jws.payload)?);
    let (id, message) = (jws.key_id.as_deref(), jws.signed.as_bytes());
    keys.verify(id, algorithm, message, &signature)?;
    Ok((payload, algorithm))
}

/// The accepted algorithms and the token's, for the log.
fn of_algorithms(jws: &Jws<'_>, accepted: &[Algorithm]) -> Mismatch {
    let accepted: Vec<&str> = accepted.iter().map(|known| known.name()).collect();
    let accepted = match accepted.as_slice() {
        [] => "none of those that are announced".to_owned(),
        names => names.join(", "),
    };
    Mismatch::new(&accepted, jws.algorithm.name())
}

/// The refusal for a token whose form is wrong.
fn no_form(expected: &str, found: &str) -> Refusal {
    Refusal::of_part("form", Mismatch::new(expected, found))
}

/// The refusal for a part that is not base64url (RFC 7515 section 2).
pub(super) fn no_base64() -> Refusal {
    no_form("base64url without padding", "another coding")
}

/// The refusal for a payload that is not a JSON object.
pub(super) fn no_claims() -> Refusal {
    let mismatch = Mismatch::new("claims in a JSON object", "another payload");
    Refusal::of_part("claims", mismatch)
}
