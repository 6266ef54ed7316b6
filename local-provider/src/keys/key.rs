//! Key pairs, in the forms that signing and publishing need.

use aws_lc_rs::{
    encoding::{AsDer as _, PublicKeyX509Der},
    rand::SystemRandom,
    rsa,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
        ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
        RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384,
        RSA_PSS_SHA512, RsaSignatureEncoding,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::keys::algorithm::Algorithm;

/// A key pair that signs.
pub(crate) enum Key {
    Rsa(rsa::KeyPair),
    /// The curve as a JWK names it, and the pair.
    Ec(&'static str, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// The kinds of keys. Several algorithms share the keys of one family.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Family {
    Rsa,
    P256,
    P384,
    P521,
    Ed25519,
}

impl Family {
    /// The family of keys for this algorithm. `None` if its key is the client secret.
    pub(crate) fn of(algorithm: Algorithm) -> Option<Self> {
        match algorithm {
            Algorithm::Rs256 | Algorithm::Rs384 | Algorithm::Rs512 => Some(Self::Rsa),
            Algorithm::Ps256 | Algorithm::Ps384 | Algorithm::Ps512 => Some(Self::Rsa),
            Algorithm::Es256 => Some(Self::P256),
            Algorithm::Es384 => Some(Self::P384),
            Algorithm::Es512 => Some(Self::P521),
            Algorithm::EdDsa => Some(Self::Ed25519),
            Algorithm::Hs256 => None,
        }
    }
}

impl Key {
    /// A new key pair. `None` if the system gives no random bytes.
    pub(crate) fn generate(family: Family) -> Option<Self> {
        let ec = |curve, algorithm| Some(Self::Ec(curve, EcdsaKeyPair::generate(algorithm).ok()?));
        match family {
            Family::Rsa => {
                let pair = rsa::KeyPair::generate(rsa::KeySize::Rsa2048);
                pair.ok().map(Self::Rsa)
            }
            Family::P256 => ec("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING),
            Family::P384 => ec("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING),
            Family::P521 => ec("P-521", &ECDSA_P521_SHA512_FIXED_SIGNING),
            Family::Ed25519 => Ed25519KeyPair::generate().ok().map(Self::Ed25519),
        }
    }

    /// The signature in the form of RFC 7518 section 3. `algorithm` must be one of the key's
    /// family.
    pub(crate) fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let signed = pair.sign(encoding(algorithm), &random, message, &mut signature);
                signed.ok().map(|()| signature)
            }
            Self::Ec(_, pair) => {
                let signature = pair.sign(&random, message).ok()?;
                Some(signature.as_ref().to_vec())
            }
            Self::Ed25519(pair) => Some(pair.sign(message).as_ref().to_vec()),
        }
    }

    /// The public key as a JWK with the members of the key only (RFC 7518 section 6, RFC 8037
    /// section 2).
    pub(crate) fn jwk(&self) -> Option<Value> {
        let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
        match self {
            Self::Rsa(pair) => {
                // The DER's layout is the same for every key of 2048 bits with the exponent 65537
                // (RFC 8017 appendix A.1.1).
                let modulus = pair.public_key().as_ref().get(9..265)?;
                Some(json!({ "kty": "RSA", "n": encode(modulus), "e": "AQAB" }))
            }
            Self::Ec(curve, pair) => {
                // SEC 1 section 2.3.3: one byte of form, then both coordinates.
                let point = pair.public_key().as_ref().get(1..)?;
                let (x, y) = point.split_at(point.len() / 2);
                Some(json!({ "kty": "EC", "crv": curve, "x": encode(x), "y": encode(y) }))
            }
            Self::Ed25519(pair) => {
                let x = encode(pair.public_key().as_ref());
                Some(json!({ "kty": "OKP", "crv": "Ed25519", "x": x }))
            }
        }
    }

    /// The public key as a certificate has it (RFC 5280 section 4.1.2.7).
    pub(crate) fn der(&self) -> Option<PublicKeyX509Der<'static>> {
        match self {
            Self::Rsa(pair) => pair.public_key().as_der().ok(),
            Self::Ec(_, pair) => pair.public_key().as_der().ok(),
            Self::Ed25519(pair) => pair.public_key().as_der().ok(),
        }
    }
}

/// The padding and hash of an RSA signature.
fn encoding(algorithm: Algorithm) -> &'static RsaSignatureEncoding {
    match algorithm {
        Algorithm::Ps256 => &RSA_PSS_SHA256,
        Algorithm::Ps384 => &RSA_PSS_SHA384,
        Algorithm::Ps512 => &RSA_PSS_SHA512,
        Algorithm::Rs384 => &RSA_PKCS1_SHA384,
        Algorithm::Rs512 => &RSA_PKCS1_SHA512,
        _ => &RSA_PKCS1_SHA256,
    }
}
