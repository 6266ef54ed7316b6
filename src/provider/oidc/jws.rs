//! Signed tokens (RFC 7515): taken apart, and their signature verified by `jsonwebtoken`.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, crypto::aws_lc::DEFAULT_PROVIDER};
use serde::Deserialize;
use serde_json::Value;

use super::{
    id_token::Refusal,
    keys::{KeySet, algorithm},
};

/// Tokens longer than this are not looked at.
const LONGEST: usize = 64 * 1024;

/// A compact JWS whose header was read, and nothing believed.
pub(crate) struct Jws<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) key_id: Option<String>,
    kind: Option<String>,
    signed: &'a str,
    payload: &'a str,
    signature: &'a str,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

impl<'a> Jws<'a> {
    /// None if it is no JWS, if its algorithm is none that we know (`none` is none of them), or
    /// if it demands an extension (RFC 7515 section 4.1.11). Keys in the header are not read.
    pub(crate) fn parse(token: &'a str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let header = URL_SAFE_NO_PAD.decode(header).ok()?;
        let header: Header = serde_json::from_slice(&header).ok()?;
        header.crit.is_none().then_some(Self {
            algorithm: algorithm(&header.alg)?,
            key_id: header.kid,
            kind: header.typ,
            signed,
            payload,
            signature,
        })
    }

    /// Whether the token says that it is something else (RFC 8725 section 3.11). `expected` are media types without
    /// `application/`.
    pub(crate) fn has_type_other_than(&self, expected: &[&str]) -> bool {
        self.kind.as_deref().is_some_and(|kind| {
            let kind = short_type(kind);
            !expected.iter().any(|one| kind.eq_ignore_ascii_case(one))
        })
    }

    /// What it says, whoever made it.
    pub(crate) fn unverified_payload(&self) -> Option<Vec<u8>> {
        URL_SAFE_NO_PAD.decode(self.payload).ok()
    }

    fn is_signed_by(&self, key: &DecodingKey, signature: &[u8]) -> bool {
        // The factory of one provider, never the global default: with two crypto features in
        // an application's tree that one panics.
        let verifier = (DEFAULT_PROVIDER.verifier_factory)(&self.algorithm, key);
        verifier.is_ok_and(|verifier| {
            verifier
                .verify(self.signed.as_bytes(), &signature.to_vec())
                .is_ok()
        })
    }
}

/// RFC 7515 section 4.1.9: `application/` may be left out where no other slash follows. Media types know no case.
fn short_type(kind: &str) -> &str {
    match kind.split_once('/') {
        Some((tree, rest)) if tree.eq_ignore_ascii_case("application") => rest,
        _ => kind,
    }
}

/// The payload, if one of `keys` signed it with one of `algorithms`: those are our setting, not
/// the token's.
pub(crate) fn verified_payload(
    jws: &Jws<'_>,
    keys: &KeySet,
    algorithms: &[Algorithm],
) -> Result<Vec<u8>, Refusal> {
    if !algorithms.contains(&jws.algorithm) {
        return Err(Refusal::Part("alg"));
    }
    let signature = URL_SAFE_NO_PAD
        .decode(jws.signature)
        .map_err(|_| Refusal::Part("form"))?;
    let payload = URL_SAFE_NO_PAD
        .decode(jws.payload)
        .map_err(|_| Refusal::Part("form"))?;
    let mut candidates = keys.candidates(jws.key_id.as_deref(), jws.algorithm);
    if candidates.any(|key| jws.is_signed_by(key, &signature)) {
        Ok(payload)
    } else {
        Err(Refusal::Key)
    }
}
