//! Signatures with HMAC-SHA256 ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104)).

use aws_lc_rs::{
    hmac::{HMAC_SHA256, Key, sign},
    rand,
};
use secrecy::{ExposeSecret, SecretString};
use tower_phone_auth::phone_step::{SendError, SendErrorKind};

/// The tag of a text.
pub(crate) fn tag(secret: &SecretString, text: &str) -> impl AsRef<[u8]> + use<> {
    let key = Key::new(HMAC_SHA256, secret.expose_secret().as_bytes());
    sign(&key, text.as_bytes())
}

/// The bytes in lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 32 random hexadecimal digits.
///
/// # Errors
/// [`SendErrorKind::Unavailable`] if the system has no random bytes.
pub(crate) fn random_hex() -> Result<String, SendError> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes)
        .map_err(|error| SendError::new(SendErrorKind::Unavailable).caused_by(error))?;
    Ok(hex(&bytes))
}
