//! Hashes of phone numbers, by which an application finds a number that it does not store.

use std::{fmt, path::Path};

use aws_lc_rs::hmac::{self, HMAC_SHA256};
use secrecy::ExposeSecret;

use super::PhoneNumber;
use crate::{
    error::ConfigError,
    key_text::{self, Key},
};

/// The length of a key: 32 random bytes, as many as the hash has (RFC 2104 section 3).
const LENGTH: usize = 32;
/// The name in errors about a key that comes from no variable and no file.
const SETTING: &str = "index_key";
/// Before the number, so that no other use of the key gives the same hash.
const DOMAIN: &[u8] = b"tower-phone-auth phone index 1\0";

/// The key of [`PhoneNumber::keyed_hash`]: 32 random bytes.
///
/// Keep it for as long as the hashes, because a number has another hash under another key. So it is
/// never a [`SessionKey`](crate::SessionKey), which is exchanged from time to time. All replicas
/// need the same one. Keep it apart from the database: with the key and the hashes, all numbers of
/// a country can be tried within minutes.
///
/// The key is wiped from memory when it is dropped. The text or the variable that it was read from
/// is not.
///
/// ```
/// use tower_phone_auth::{PhoneNumber, phone::IndexKey};
///
/// let key = IndexKey::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")?;
/// let phone: PhoneNumber = "+82 10-1234-5678".parse()?;
/// let same: PhoneNumber = "+82 (0)10 1234 5678".parse()?;
/// assert_eq!(phone.keyed_hash(&key), same.keyed_hash(&key));
/// assert_eq!(format!("{key:?}"), "IndexKey(..)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct IndexKey(Key<LENGTH>);

impl IndexKey {
    /// Reads the key from an environment variable, as base64 of 32 random bytes.
    ///
    /// ```no_run
    /// # use tower_phone_auth::phone::IndexKey;
    /// let key = IndexKey::from_env("PHONE_INDEX_KEY")?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the variable is missing, or if the key does not have 32 bytes, repeats a few bytes, or is
    /// not base64.
    pub fn from_env(variable: &str) -> Result<Self, ConfigError> {
        let text = key_text::from_env(variable, &key_text::remedy(LENGTH))?;
        Self::named(variable, key_text::parse(&text))
    }

    /// Reads the key from a file, as base64 of 32 random bytes.
    ///
    /// ```no_run
    /// # use tower_phone_auth::phone::IndexKey;
    /// let key = IndexKey::from_file("/run/secrets/phone_index_key")?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the file cannot be read or has more than 16 KiB, or if the key does not have 32 bytes,
    /// repeats a few bytes, or is not base64. The error names the path.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let text = key_text::from_file(path, &key_text::remedy(LENGTH))?;
        Self::named(&path.to_string_lossy(), key_text::parse(&text))
    }

    /// Reads the key from a text, as base64 of 32 random bytes.
    ///
    /// ```
    /// use tower_phone_auth::phone::IndexKey;
    ///
    /// let key = IndexKey::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")?;
    /// assert!(IndexKey::parse("too short").is_err());
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the key does not have 32 bytes, repeats a few bytes, or is not base64.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        Self::named(SETTING, key_text::parse(text))
    }

    /// A key of 32 random bytes, such as those of a key management service.
    ///
    /// ```
    /// # use tower_phone_auth::phone::IndexKey;
    /// assert!(IndexKey::from_bytes([7; 32]).is_err());
    /// ```
    ///
    /// # Errors
    /// If the bytes are not random, because a few of them repeat.
    pub fn from_bytes(bytes: [u8; LENGTH]) -> Result<Self, ConfigError> {
        Self::named(SETTING, key_text::from_bytes(&bytes))
    }

    /// The key, or the error that names `setting` and the remedy.
    fn named(setting: &str, key: Result<Key<LENGTH>, String>) -> Result<Self, ConfigError> {
        key.map(Self).map_err(|problem| {
            ConfigError::new(setting.to_owned(), problem, key_text::remedy(LENGTH))
        })
    }
}

impl fmt::Debug for IndexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IndexKey(..)")
    }
}

impl PhoneNumber {
    /// A hash of the number, for a unique index of a database that does not store the number
    /// itself, or stores it encrypted. The same number has the same hash under the same key.
    ///
    /// The hash is HMAC-SHA-256 ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104)) of a fixed
    /// prefix and the number in E.164, and stays the same in later versions. Without a key, a hash
    /// of a phone number hides nothing, because a country has few numbers.
    ///
    /// ```
    /// use tower_phone_auth::{PhoneNumber, phone::IndexKey};
    ///
    /// let key = IndexKey::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")?;
    /// let phone: PhoneNumber = "+82 10-1234-5678".parse()?;
    /// let column: [u8; 32] = phone.keyed_hash(&key); // phone_hash BINARY(32) UNIQUE
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn keyed_hash(&self, key: &IndexKey) -> [u8; 32] {
        let mut context =
            hmac::Context::with_key(&hmac::Key::new(HMAC_SHA256, key.0.expose_secret()));
        context.update(DOMAIN);
        context.update(self.to_string().as_bytes());
        let tag = context.sign();
        let mut hash = [0; 32];
        hash.iter_mut()
            .zip(tag.as_ref())
            .for_each(|(to, from)| *to = *from);
        hash
    }
}
