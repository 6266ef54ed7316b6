//! The secret that all sealing keys are derived from.

use std::{fmt, path::Path, sync::Arc};

use secrecy::{ExposeSecret, SecretBox};

use crate::{
    error::ConfigError,
    key_text::{self, Key},
};

#[cfg(test)]
mod tests;

/// The length of a key: 64 random bytes.
const LENGTH: usize = 64;
/// The name in errors about a key that comes from no variable and no file.
const SETTING: &str = "session_key";

/// The secret of a layer: 64 random bytes that seal the cookies, and optionally older ones that
/// only open them.
///
/// Every replica of an application needs the same key, and every application needs its own; staging
/// needs another one than production. There is no default, because anyone who knows the key can
/// make sessions. Applications that share a key by mistake do not accept each other's cookies,
/// because the origin of [`public_url`](crate::Builder::public_url) and the
/// [`prefix`](crate::Builder::prefix) are part of every derived key. Layers of one origin share
/// their revocations.
///
/// # Rotation
/// No user is signed out by these steps:
/// 1. Give `old.and(new)` to every replica. All of them open both.
/// 2. Give `new.and(old)` to every replica. All of them seal with the new one.
/// 3. Give `new` when the longest session lifetime has passed.
///
/// An application with a single replica may begin with step 2.
///
/// The number of sealed values needs no rotation. AES-256-GCM with random nonces allows 2^32 values
/// under one key (NIST SP 800-38D section 8.3), and every day (UTC) has its own keys, so that is
/// 49,710 values of one kind a second in all replicas together. A page visit without a session
/// seals one pending sign-in. A request after half of
/// [`idle_timeout`](crate::Builder::idle_timeout) seals its session again, each time that the same
/// cookie is sent.
///
/// # Memory
/// The bytes of a key, its decoded text and the derived keys are wiped when they are dropped. The
/// environment that [`from_env`](Self::from_env) reads, the text or bytes that the application
/// gives to [`parse`](Self::parse) or [`from_bytes`](Self::from_bytes), and copies that the
/// compiler makes on the stack are not wiped.
///
/// ```
/// use tower_phone_auth::SessionKey;
///
/// let new = SessionKey::random();
/// let old = SessionKey::random();
/// let key = new.and(old); // the first seals, both open
/// assert_eq!(format!("{key:?}"), "SessionKey(2 keys)");
/// ```
#[derive(Clone)]
pub struct SessionKey {
    /// Never empty. The first key seals.
    keys: Vec<Key<LENGTH>>,
    /// Whether the application gave one of the keys, which is thus known after a restart.
    is_kept: bool,
    /// The environment variable or the path of the first key. `None` for another origin.
    place: Option<Arc<str>>,
}

/// The number and the origin of the keys, for the doctor. It contains no secret.
#[derive(Clone, Debug)]
pub(crate) struct KeyOrigin {
    /// How many keys open.
    pub(crate) keys: usize,
    /// Whether one of the keys is known after a restart.
    pub(crate) is_kept: bool,
    /// The environment variable or the path of the first key. `None` for another origin.
    pub(crate) place: Option<Arc<str>>,
}

impl SessionKey {
    /// A new random key, for development. Every restart signs all users out.
    ///
    /// ```
    /// use tower_phone_auth::SessionKey;
    ///
    /// let key = SessionKey::random();
    /// assert_eq!(format!("{key:?}").contains("=="), false);
    /// ```
    ///
    /// # Panics
    /// If the operating system gives no random bytes, because the key could then be guessed.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = Box::new([0; LENGTH]);
        let filled = crate::random::fill(&mut *bytes);
        assert!(filled.is_some(), "the operating system gives random bytes");
        Self {
            keys: vec![Arc::new(SecretBox::new(bytes))],
            is_kept: false,
            place: None,
        }
    }

    /// Reads the key from an environment variable, as base64 of 64 random bytes. Several keys are
    /// separated by commas: the first one seals, and all of them open.
    ///
    /// ```no_run
    /// # use tower_phone_auth::SessionKey;
    /// let key = SessionKey::from_env("SESSION_KEY")?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the variable is missing, or if a key does not have 64 bytes, repeats a few bytes, or is
    /// not base64.
    pub fn from_env(variable: &str) -> Result<Self, ConfigError> {
        let text = key_text::from_env(variable, &key_text::remedy(LENGTH))?;
        Self::from_place(variable, &text)
    }

    /// Reads the key from a file in the form of [`from_env`](Self::from_env), such as a secret that
    /// Docker or Kubernetes mounts. The file is read once, by this call.
    ///
    /// ```no_run
    /// # use tower_phone_auth::SessionKey;
    /// let key = SessionKey::from_file("/run/secrets/session_key")?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the file cannot be read or has more than 16 KiB, or if a key does not have 64 bytes,
    /// repeats a few bytes, or is not base64. The error names the path.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let text = key_text::from_file(path, &key_text::remedy(LENGTH))?;
        Self::from_place(&path.to_string_lossy(), &text)
    }

    /// A key of 64 random bytes, such as those of a key management service.
    /// [`TryFrom<&[u8]>`](#impl-TryFrom<%26%5Bu8%5D>-for-SessionKey) takes bytes of unknown length.
    ///
    /// ```
    /// # use tower_phone_auth::SessionKey;
    /// let bytes: [u8; 64] = std::array::from_fn(|index| index as u8); // from your service
    /// let key = SessionKey::from_bytes(bytes)?;
    /// assert!(SessionKey::from_bytes([7; 64]).is_err());
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the bytes are not random, because a few of them repeat.
    pub fn from_bytes(bytes: [u8; LENGTH]) -> Result<Self, ConfigError> {
        Self::try_from(&bytes[..])
    }

    /// Reads the key from a text in the form of [`from_env`](Self::from_env). Both base64 alphabets
    /// are accepted, with or without padding and line breaks.
    ///
    /// ```
    /// # use tower_phone_auth::SessionKey;
    /// let error = SessionKey::parse("c2hvcnQ=").unwrap_err();
    /// assert!(error.to_string().contains("5 bytes"));
    /// ```
    ///
    /// # Errors
    /// If a key does not have 64 bytes, repeats a few bytes, or is not base64.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        Self::named(SETTING, text)
    }

    /// The facts about this key that the doctor reports.
    pub(crate) fn origin(&self) -> KeyOrigin {
        KeyOrigin {
            keys: self.keys.len(),
            is_kept: self.is_kept,
            place: self.place.clone(),
        }
    }

    /// Adds the keys of `older`, which only open.
    ///
    /// ```
    /// use tower_phone_auth::SessionKey;
    ///
    /// let (new, old) = (SessionKey::random(), SessionKey::random());
    /// let key = new.and(old); // seals with the new key, opens with both
    /// ```
    #[must_use]
    pub fn and(mut self, older: Self) -> Self {
        self.keys.extend(older.keys);
        self.is_kept |= older.is_kept;
        self
    }

    /// The remedy for a key that is missing.
    pub(crate) fn remedy() -> String {
        key_text::remedy(LENGTH)
    }

    /// The secrets, the sealing one first. Callers derive keys from them and keep none.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &[u8]> {
        self.keys.iter().map(|key| &key.expose_secret()[..])
    }

    /// Whether a cookie may open after a restart. False for keys that are all random.
    pub(crate) const fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Reads the text of a variable or a file.
    pub(crate) fn from_place(place: &str, text: &str) -> Result<Self, ConfigError> {
        Ok(Self {
            place: Some(place.into()),
            ..Self::named(place, text)?
        })
    }

    /// Reads one key or several, separated by commas. `setting` is named in the error.
    fn named(setting: &str, text: &str) -> Result<Self, ConfigError> {
        let keys = text.split(',').map(key_text::parse).collect();
        Self::of(setting, keys)
    }

    /// The keys of the application, or the error that names `setting` and the remedy.
    fn of(setting: &str, keys: Result<Vec<Key<LENGTH>>, String>) -> Result<Self, ConfigError> {
        let named =
            |problem| ConfigError::new(setting.to_owned(), problem, key_text::remedy(LENGTH));
        Ok(Self {
            keys: keys.map_err(named)?,
            is_kept: true,
            place: None,
        })
    }
}

/// A key of 64 random bytes, like [`from_bytes`](SessionKey::from_bytes). The error names the
/// length.
impl TryFrom<&[u8]> for SessionKey {
    type Error = ConfigError;

    fn try_from(bytes: &[u8]) -> Result<Self, ConfigError> {
        Self::of(SETTING, key_text::from_bytes(bytes).map(|key| vec![key]))
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionKey({} keys)", self.keys.len())
    }
}
