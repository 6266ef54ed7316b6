//! The signature algorithms of tokens (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864).

use aws_lc_rs::{
    digest::{self, SHA256, SHA384, SHA512},
    signature::{self, VerificationAlgorithm},
};

/// An algorithm whose signatures this crate can verify. Whether a token may use it is decided by
/// the settings and the metadata; see `trust.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    Es512,
    Ed25519,
    /// HMAC with the client secret, for providers that use nothing else. Never one of
    /// [`SECURE`](Self::SECURE), because every holder of the client secret could sign tokens.
    Hs256,
}

/// The key type of an algorithm. A key verifies only algorithms of its own type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Rsa,
    P256,
    P384,
    P521,
    Ed25519,
    /// The client secret.
    Secret,
}

impl Algorithm {
    /// The asymmetric algorithms that are considered secure. The rest, such as `RS1`, is never
    /// accepted.
    pub(crate) const SECURE: [Self; 10] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::Es512,
        Self::Ed25519,
    ];

    /// The algorithm of this name in [`SECURE`](Self::SECURE). `EdDSA` is accepted as the older
    /// name of Ed25519 (RFC 9864).
    pub(crate) fn secure(name: &str) -> Option<Self> {
        if name == "EdDSA" {
            return Some(Self::Ed25519);
        }
        Self::SECURE.into_iter().find(|known| known.name() == name)
    }

    /// The name in `alg` (RFC 7518 section 3.1).
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Ed25519 => "Ed25519",
            Self::Hs256 => "HS256",
        }
    }

    /// The type of key that verifies this algorithm. It is compared with the key before the
    /// signature is verified, so that no token chooses how a key is used (RFC 8725 section 3.1).
    /// The known attack makes a public RSA key the secret of an HMAC.
    pub(crate) const fn family(self) -> Family {
        match self {
            Self::Rs256 | Self::Rs384 | Self::Rs512 => Family::Rsa,
            Self::Ps256 | Self::Ps384 | Self::Ps512 => Family::Rsa,
            Self::Es256 => Family::P256,
            Self::Es384 => Family::P384,
            Self::Es512 => Family::P521,
            Self::Ed25519 => Family::Ed25519,
            Self::Hs256 => Family::Secret,
        }
    }

    /// The hash function of `at_hash` (Core section 3.1.3.6). Ed25519 uses SHA-512, which is its
    /// own hash function.
    pub(crate) fn hash(self) -> &'static digest::Algorithm {
        match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 | Self::Hs256 => &SHA256,
            Self::Rs384 | Self::Ps384 | Self::Es384 => &SHA384,
            Self::Rs512 | Self::Ps512 | Self::Es512 | Self::Ed25519 => &SHA512,
        }
    }

    /// How the library verifies the algorithm with a public key. `None` for HMAC.
    pub(super) fn verification(self) -> Option<&'static dyn VerificationAlgorithm> {
        Some(match self {
            Self::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
            Self::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
            Self::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
            Self::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
            Self::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
            Self::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
            Self::Es256 => &signature::ECDSA_P256_SHA256_FIXED,
            Self::Es384 => &signature::ECDSA_P384_SHA384_FIXED,
            Self::Es512 => &signature::ECDSA_P521_SHA512_FIXED,
            Self::Ed25519 => &signature::ED25519,
            Self::Hs256 => return None,
        })
    }
}

impl Family {
    /// The algorithm that most providers use with a key of this type.
    pub(super) const fn usual(self) -> Algorithm {
        match self {
            Self::Rsa => Algorithm::Rs256,
            Self::P256 => Algorithm::Es256,
            Self::P384 => Algorithm::Es384,
            Self::P521 => Algorithm::Es512,
            Self::Ed25519 => Algorithm::Ed25519,
            Self::Secret => Algorithm::Hs256,
        }
    }
}

/// The algorithm in a token's header, before it is compared with the accepted ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeaderAlgorithm {
    Known(Algorithm),
    /// An algorithm that is always refused, under a name that is safe to log.
    Refused(&'static str),
}

impl HeaderAlgorithm {
    /// The algorithm of the header member `alg`. Unknown names become `unknown`.
    pub(crate) fn of(name: &str) -> Self {
        const REFUSED: [&str; 9] = [
            "none",
            "HS384",
            "HS512",
            "ES256K",
            "Ed448",
            "RS1",
            "ML-DSA-44",
            "ML-DSA-65",
            "ML-DSA-87",
        ];
        if let Some(secure) = Algorithm::secure(name) {
            return Self::Known(secure);
        }
        if name == Algorithm::Hs256.name() {
            return Self::Known(Algorithm::Hs256);
        }
        // An unverified token's text must not reach the log.
        let known = REFUSED
            .into_iter()
            .find(|known| name.eq_ignore_ascii_case(known));
        Self::Refused(known.unwrap_or("unknown"))
    }

    /// The name for the log.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Known(algorithm) => algorithm.name(),
            Self::Refused(name) => name,
        }
    }
}
