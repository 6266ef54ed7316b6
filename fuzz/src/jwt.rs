//! Tokens that the fake provider signs.

use std::sync::LazyLock;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{self, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// The keys of this process.
pub static KEYS: LazyLock<Keys> = LazyLock::new(Keys::generate);

pub struct Keys {
    ec: EcdsaKeyPair,
    rsa: RsaKeyPair,
    pub x: String,
    pub y: String,
    pub n: String,
    pub e: String,
}

impl Keys {
    fn generate() -> Self {
        let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = ec.public_key().as_ref();
        let rsa = rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
        let modulus = rsa.public_key().modulus().big_endian_without_leading_zero();
        let exponent = rsa
            .public_key()
            .exponent()
            .big_endian_without_leading_zero();
        Self {
            x: text(&point[1..33]),
            y: text(&point[33..65]),
            n: text(modulus),
            e: text(exponent),
            ec,
            rsa,
        }
    }

    /// Both public keys, as a key set.
    pub fn set(&self) -> String {
        let Self { x, y, n, e, .. } = self;
        serde_json::json!({ "keys": [
            { "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "ec", "x": x, "y": y },
            { "kty": "RSA", "alg": "RS256", "use": "sig", "kid": "rsa", "n": n, "e": e },
        ]})
        .to_string()
    }

    /// Signs with P-256, whatever the header says.
    pub fn sign_ec(&self, header: &[u8], claims: &[u8]) -> String {
        let signed = format!("{}.{}", text(header), text(claims));
        let signature = self.ec.sign(&SystemRandom::new(), signed.as_bytes());
        format!("{signed}.{}", text(signature.unwrap().as_ref()))
    }

    /// Signs with RSA, whatever the header says.
    pub fn sign_rsa(&self, header: &[u8], claims: &[u8]) -> String {
        let signed = format!("{}.{}", text(header), text(claims));
        let mut signature = vec![0; self.rsa.public_modulus_len()];
        let random = SystemRandom::new();
        let done = self.rsa.sign(
            &RSA_PKCS1_SHA256,
            &random,
            signed.as_bytes(),
            &mut signature,
        );
        done.unwrap();
        format!("{signed}.{}", text(&signature))
    }
}

pub const ES256: &[u8] = br#"{"alg":"ES256","kid":"ec"}"#;
pub const RS256: &[u8] = br#"{"alg":"RS256","kid":"rsa"}"#;

/// base64url without padding.
pub fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
