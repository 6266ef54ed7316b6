//! The algorithms that sign tokens.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

/// An algorithm that signs ID tokens (RFC 7518 section 3.1, RFC 8037 section 3.1).
///
/// It is a setting of the OpenID dialect, and the metadata announce it alone. Kakao and Google
/// always sign with RS256. In a configuration file, the value is the name in a token's header:
///
/// ```
/// use tower_phone_auth_local_provider::{Algorithm, Config};
///
/// let config = Config::from_toml("[oidc]\nalgorithm = \"ES256\"")?;
/// assert_eq!(config.settings.oidc.algorithm, Algorithm::Es256);
/// # Ok::<_, tower_phone_auth_local_provider::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, the default of OpenID Connect.
    #[default]
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// HMAC with SHA-256, whose key is the client secret. Without a
    /// [`client_secret`](crate::Settings::client_secret), token responses have no ID token.
    Hs256,
}

impl Algorithm {
    /// The name in a token's header.
    ///
    /// ```
    /// use tower_phone_auth_local_provider::Algorithm;
    ///
    /// assert_eq!(Algorithm::EdDsa.name(), "EdDSA");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
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
            Self::EdDsa => "EdDSA",
            Self::Hs256 => "HS256",
        }
    }

    /// The `at_hash` of an access token (OpenID Connect Core section 3.1.3.6): the left half of its
    /// hash. EdDSA hashes with SHA-512, which Ed25519 uses itself.
    pub(crate) fn half_hash(self, token: &str) -> String {
        let algorithm = match self {
            Self::Rs256 | Self::Ps256 | Self::Es256 | Self::Hs256 => &digest::SHA256,
            Self::Rs384 | Self::Ps384 | Self::Es384 => &digest::SHA384,
            Self::Rs512 | Self::Ps512 | Self::Es512 | Self::EdDsa => &digest::SHA512,
        };
        let hash = digest::digest(algorithm, token.as_bytes());
        let half = hash.as_ref().chunks(algorithm.output_len() / 2).next();
        URL_SAFE_NO_PAD.encode(half.unwrap_or_default())
    }
}
