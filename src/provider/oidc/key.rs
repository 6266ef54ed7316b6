//! One public key of a key set (RFC 7517). The reading is lenient. Every notation is accepted that
//! has exactly one meaning, because a refused key would refuse all sign-ins.

use aws_lc_rs::{
    encoding::AsDer,
    hmac,
    rsa::{PublicEncryptingKey, PublicKeyComponents},
    signature::{ParsedPublicKey, UnparsedPublicKey},
};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::Value;

use super::algorithm::{Algorithm, Family};

/// A key that can verify signatures.
pub(crate) struct Key {
    /// The `kid`. `None` if the set gives none.
    pub(super) id: Option<String>,
    /// The only algorithm of this key, if the set restricts it (`alg`).
    pub(super) algorithm: Option<Algorithm>,
    /// The type, which must be that of the algorithm.
    pub(super) family: Family,
    material: Material,
}

/// The key in the form of the library that verifies with it.
enum Material {
    /// A public key, which is parsed once for the algorithm that it is likely to verify. Another
    /// algorithm of the same type costs a parse at each signature.
    Public(Algorithm, ParsedPublicKey),
    Secret(Box<hmac::Key>),
}

/// An entry of a key set.
pub(super) enum Entry {
    Usable(Key),
    /// A key on Ed448, with its id. The curve is not supported. The refusal of a token names it.
    Ed448(Option<String>),
    /// A key of another type or use, or a broken one. Such entries are ignored (RFC 7517 section
    /// 5).
    Other(Option<String>),
}

impl Key {
    /// The client secret as a key, for providers that sign with HMAC (Core section 10.1).
    pub(super) fn of_secret(secret: &[u8]) -> Self {
        Self {
            id: None,
            algorithm: Some(Algorithm::Hs256),
            family: Family::Secret,
            material: Material::Secret(Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret))),
        }
    }

    /// Whether this key can verify signatures of `algorithm`, by its type and its own `alg`.
    pub(super) fn fits(&self, algorithm: Algorithm) -> bool {
        self.family == algorithm.family() && self.algorithm.is_none_or(|own| own == algorithm)
    }

    /// The algorithm or type of the key, for the log.
    pub(super) fn kind(&self) -> &'static str {
        match (self.algorithm, self.family) {
            (Some(algorithm), _) => algorithm.name(),
            (None, Family::Rsa) => "RSA",
            (None, Family::P256) => "P-256",
            (None, Family::P384) => "P-384",
            (None, Family::P521) => "P-521",
            (None, Family::Ed25519) => "Ed25519",
            (None, Family::Secret) => "the client secret",
        }
    }

    /// Whether `signature` over `message` was made with this key and `algorithm`.
    pub(super) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let result = match (&self.material, algorithm.verification()) {
            (Material::Public(of, key), Some(_)) if *of == algorithm => {
                key.verify_sig(message, signature)
            }
            (Material::Public(_, key), Some(verification)) => {
                UnparsedPublicKey::new(verification, key).verify(message, signature)
            }
            (Material::Secret(key), None) => hmac::verify(key, message, signature),
            _ => return false,
        };
        result.is_ok()
    }
}

impl Entry {
    /// Reads an entry. Certificates (`x5c`, `x5t`) are ignored, because the key itself counts. An
    /// entry that cannot be used is no error, so that one bad key does not disable the others.
    pub(super) fn parse(jwk: &Value) -> Self {
        let id = id(&jwk["kid"]);
        if !is_for_signatures(jwk) {
            return Self::Other(id);
        }
        if text(jwk, "kty") == Some("OKP") && text(jwk, "crv") == Some("Ed448") {
            return Self::Ed448(id);
        }
        let Some((family, octets)) = material(jwk) else {
            return Self::Other(id);
        };
        // A key for an algorithm that is not accepted, such as RSA-OAEP for encryption.
        let algorithm = match text(jwk, "alg").map(Algorithm::secure) {
            Some(None) => return Self::Other(id),
            algorithm => algorithm.flatten(),
        };
        // The `alg` contradicts the key type.
        if algorithm.is_some_and(|algorithm| algorithm.family() != family) {
            return Self::Other(id);
        }
        match parsed(algorithm.unwrap_or(family.usual()), &octets) {
            Some(material) => Self::Usable(Key {
                id,
                algorithm,
                family,
                material,
            }),
            None => Self::Other(id),
        }
    }
}

/// A member that is a non-empty text.
fn text<'a>(jwk: &'a Value, name: &str) -> Option<&'a str> {
    jwk[name].as_str().filter(|text| !text.is_empty())
}

/// A `kid`. Some servers write a number in the key set and in the token, so both are read in the
/// same way.
pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether `use` and `key_ops` allow signatures (RFC 7517 sections 4.2 and 4.3). `sign` is
/// accepted, because a public key can only verify. A missing member allows everything.
fn is_for_signatures(jwk: &Value) -> bool {
    let signs = |operation: &Value| operation == "verify" || operation == "sign";
    let permits = match &jwk["key_ops"] {
        Value::Array(operations) => operations.is_empty() || operations.iter().any(signs),
        _ => true,
    };
    permits && matches!(text(jwk, "use"), None | Some("sig"))
}

/// The key for signatures of this algorithm. `None` if it is broken, such as a point that is not on
/// the curve.
fn parsed(algorithm: Algorithm, octets: &[u8]) -> Option<Material> {
    let key = ParsedPublicKey::new(algorithm.verification()?, octets).ok()?;
    Some(Material::Public(algorithm, key))
}

/// The key (RFC 7518 section 6, RFC 8037 section 2) in the form that the library parses: a
/// `SubjectPublicKeyInfo`, a point or 32 octets. A shared secret (`oct`) in a public set is no
/// secret, and is ignored. `None` if the type is not supported or a member is broken.
fn material(jwk: &Value) -> Option<(Family, Vec<u8>)> {
    Some(match (text(jwk, "kty")?, text(jwk, "crv")) {
        ("RSA", _) => (Family::Rsa, rsa(jwk)?),
        ("EC", Some("P-256")) => (Family::P256, point(jwk, 32)?),
        ("EC", Some("P-384")) => (Family::P384, point(jwk, 48)?),
        ("EC", Some("P-521")) => (Family::P521, point(jwk, 66)?),
        ("OKP", Some("Ed25519")) => {
            let octets = octets(jwk, "x").filter(|octets| octets.len() == 32)?;
            (Family::Ed25519, octets)
        }
        _ => return None,
    })
}

/// A key of 2048 bits or more (RFC 7518 section 3.3), and of at most 8192, as a
/// `SubjectPublicKeyInfo`.
fn rsa(jwk: &Value) -> Option<Vec<u8>> {
    let (n, e) = (number(jwk, "n")?, number(jwk, "e")?);
    let key: PublicEncryptingKey = PublicKeyComponents { n, e }.try_into().ok()?;
    Some(key.as_der().ok()?.as_ref().to_vec())
}

/// A number without leading zeros. RFC 7518 section 2 forbids leading zeros, but many servers write
/// them. `None` for zero.
fn number(jwk: &Value, name: &str) -> Option<Vec<u8>> {
    let octets = octets(jwk, name)?;
    let first = octets.iter().position(|octet| *octet != 0)?;
    octets.get(first..).map(<[u8]>::to_vec)
}

/// A point in uncompressed form: one octet for the form, then both coordinates (SEC 1 section
/// 2.3.3). Each coordinate has the size of the field (RFC 7518 section 6.2.1.2). Missing or extra
/// leading zeros are tolerated.
fn point(jwk: &Value, size: usize) -> Option<Vec<u8>> {
    let mut point = vec![4];
    for name in ["x", "y"] {
        let number = number(jwk, name)?;
        let missing = size.checked_sub(number.len())?;
        point.resize(point.len() + missing, 0);
        point.extend_from_slice(&number);
    }
    Some(point)
}

/// Octets in base64url or base64, with or without padding and line breaks. The alphabets differ in
/// two characters, each of which has one meaning.
fn octets(jwk: &Value, name: &str) -> Option<Vec<u8>> {
    let url = |character| match character {
        '+' => '-',
        '/' => '_',
        other => other,
    };
    let text = text(jwk, name)?.chars();
    let text: String = text.filter(|c| !c.is_ascii_whitespace()).map(url).collect();
    LENIENT.decode(text.trim_end_matches('=')).ok()
}

/// Accepts set bits after the last octet, which some encoders leave.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);
