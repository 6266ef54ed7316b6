//! Client authentication with a private key: `private_key_jwt` (OpenID Connect Core section 9, RFC
//! 7523 section 2.2).
//!
//! The client signs a short-lived JWT, the assertion, for each request to the token endpoint and to
//! the other endpoints that authenticate the client. The provider verifies the assertion with the
//! public key that was registered for the client, so that no shared secret is sent.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use serde_json::json;

use crate::{clock::UnixTime, error::ConfigError};

/// The value of the parameter `client_assertion_type` (RFC 7523 section 2.2).
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Lifetime of an assertion. Each request gets a new one, so a minute is enough for skewed clocks
/// and a slow network. A longer lifetime would give a stolen assertion more time.
const LIFE: std::time::Duration = std::time::Duration::from_secs(60);

/// The private key of a client, and the `kid` under which its public half is registered.
pub(crate) struct AssertionKey {
    /// The `kid`. Empty if assertions carry none.
    id: String,
    key: Key,
}

/// The key by its type, which decides the algorithm.
enum Key {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl AssertionKey {
    /// Reads a private key in PKCS #8 PEM: RSA, P-256 or Ed25519. With an empty `id`, assertions
    /// carry no `kid`, which is enough for a client with a single registered key. The error names
    /// the setting and a command that converts the key. It does not show the key.
    pub(crate) fn parse(id: &str, pem: &str) -> Result<Self, ConfigError> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).ok();
        let key = der.and_then(|der| Key::parse(der.secret_pkcs8_der()));
        let key = key.ok_or_else(|| {
            let problem = "is no RSA, P-256 or Ed25519 key in PKCS #8 PEM";
            let remedy = "convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem";
            ConfigError::new("private_key_jwt", problem, remedy)
        })?;
        Ok(Self {
            id: id.to_owned(),
            key,
        })
    }

    /// An assertion of `client_id` for `audience`, issued at `now`. `None` if the system gives no
    /// random bytes for its `jti`, or if the key cannot sign.
    pub(crate) fn sign(&self, client_id: &str, audience: &str, now: UnixTime) -> Option<String> {
        // RFC 7523 section 3 lets the provider refuse a repeated `jti`, so each assertion has a
        // random one.
        let mut unique = [0; 16];
        crate::random::fill(&mut unique)?;
        let mut header = json!({ "alg": self.key.algorithm(), "typ": "JWT" });
        if !self.id.is_empty() {
            header["kid"] = self.id.as_str().into();
        }
        let claims = json!({
            // Core section 9 requires issuer and subject to be the client's id.
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "jti": URL_SAFE_NO_PAD.encode(unique),
            "iat": now,
            "exp": now.after(LIFE),
        });
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self.key.sign(signed.as_bytes())?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl Key {
    /// Tries the key types one after the other. PKCS #8 names the algorithm of its key, so only the
    /// right parser accepts the key.
    fn parse(der: &[u8]) -> Option<Self> {
        let ec = || EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der).ok();
        // OpenSSL writes Ed25519 keys without their public half (PKCS #8 version 1). There is
        // nothing to compare such a key with, which is all that `unchecked` means.
        let ed = || Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).ok();
        let rsa = RsaKeyPair::from_pkcs8(der).ok().map(Self::Rsa);
        rsa.or_else(|| ec().map(Self::Ec))
            .or_else(|| ed().map(Self::Ed))
    }

    /// The value of the header member `alg`.
    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::Ec(_) => "ES256",
            Self::Ed(_) => "EdDSA",
        }
    }

    /// The signature over `message`: PKCS #1 v1.5 for RSA, and for ECDSA the fixed-size form that
    /// JWS requires (RFC 7518 section 3.4).
    fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .ok()?;
                Some(signature)
            }
            Self::Ec(key) => Some(key.sign(&random, message).ok()?.as_ref().to_vec()),
            Self::Ed(key) => Some(key.sign(message).as_ref().to_vec()),
        }
    }
}

/// Shows the `kid` alone.
impl std::fmt::Debug for AssertionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AssertionKey({:?})", self.id)
    }
}
