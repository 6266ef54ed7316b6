//! The secret that all sealing keys are derived from.

use std::{env, fmt, sync::Arc};

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use secrecy::{ExposeSecret, SecretBox, zeroize::Zeroizing};

use crate::error::ConfigError;

/// The length of a key: 64 random bytes.
const LENGTH: usize = 64;
/// The remedy for every wrong key, because a new one is always possible.
const REMEDY: &str = "give base64 of 64 random bytes, from `openssl rand -base64 64 | tr -d '\\n'`";

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
/// environment that [`from_env`](Self::from_env) reads, the text that the application gives to
/// [`parse`](Self::parse) and copies that the compiler makes on the stack are not wiped.
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
    /// Never empty. The first key seals. Each is behind an `Arc`, so that a clone copies no secret.
    keys: Vec<Arc<SecretBox<[u8; LENGTH]>>>,
    /// Whether one of the keys comes from a text or a variable, and is thus known after a restart.
    is_kept: bool,
    /// The environment variable of the first key. `None` for a key from a text or a random one.
    variable: Option<Arc<str>>,
}

/// The number and the origin of the keys, for the doctor. It contains no secret.
#[derive(Clone, Debug)]
pub(crate) struct KeyOrigin {
    /// How many keys open.
    pub(crate) keys: usize,
    /// Whether one of the keys is known after a restart.
    pub(crate) is_kept: bool,
    pub(crate) variable: Option<Arc<str>>,
}

impl SessionKey {
    /// A new random key, for development. Every restart signs all users out.
    ///
    /// # Panics
    /// If the operating system gives no random bytes, because the key could then be guessed.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = Box::new([0; LENGTH]);
        let filled = aws_lc_rs::rand::fill(&mut *bytes);
        assert!(filled.is_ok(), "the operating system gives random bytes");
        Self {
            keys: vec![Arc::new(SecretBox::new(bytes))],
            is_kept: false,
            variable: None,
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
        let name = variable.to_owned();
        match env::var(variable) {
            Ok(text) => Ok(Self {
                variable: Some(variable.into()),
                ..Self::named(name, &Zeroizing::new(text))?
            }),
            Err(_) => Err(ConfigError::new(name, "is not set or not text", REMEDY)),
        }
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
        Self::named("session_key".to_owned(), text)
    }

    /// The facts about this key that the doctor reports.
    pub(crate) fn origin(&self) -> KeyOrigin {
        KeyOrigin {
            keys: self.keys.len(),
            is_kept: self.is_kept,
            variable: self.variable.clone(),
        }
    }

    /// Adds the keys of `older`, which only open.
    #[must_use]
    pub fn and(mut self, older: Self) -> Self {
        self.keys.extend(older.keys);
        self.is_kept |= older.is_kept;
        self
    }

    /// The secrets, the sealing one first. Callers derive keys from them and keep none.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &[u8]> {
        self.keys.iter().map(|key| &key.expose_secret()[..])
    }

    /// Whether a cookie may open after a restart. False for keys that are all random.
    pub(crate) const fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Reads one key or several, separated by commas. `setting` is named in the error.
    fn named(setting: String, text: &str) -> Result<Self, ConfigError> {
        let keys = text.split(',').map(read).collect::<Result<Vec<_>, _>>();
        match keys {
            Ok(keys) => Ok(Self {
                keys,
                is_kept: true,
                variable: None,
            }),
            Err(problem) => Err(ConfigError::new(setting, problem, REMEDY)),
        }
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionKey({} keys)", self.keys.len())
    }
}

/// Reads one key. The error names lengths, never the bytes.
fn read(text: &str) -> Result<Arc<SecretBox<[u8; LENGTH]>>, String> {
    let text = without_white_space(text);
    if text.is_empty() {
        return Err("a key is empty".to_owned());
    }
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = if text.contains(['-', '_']) {
        URL_SAFE
    } else {
        STANDARD
    };
    let decoded = GeneralPurpose::new(&alphabet, config)
        .decode(&*text)
        .map_err(|_| "a key is not base64".to_owned())?;
    let decoded = Zeroizing::new(decoded);
    if decoded.len() != LENGTH {
        return Err(format!("a key has {} bytes, not {LENGTH}", decoded.len()));
    }
    // Filled in place, so that no copy stays in memory.
    let mut bytes = Box::new([0; LENGTH]);
    bytes.copy_from_slice(&decoded);
    let key = SecretBox::new(bytes);
    if distinct(key.expose_secret()) < 16 {
        return Err("a key is not random: its bytes repeat".to_owned());
    }
    Ok(Arc::new(key))
}

/// The text without line breaks and blanks. It is built in one allocation, because a text that
/// grows leaves copies in memory that are not wiped.
fn without_white_space(text: &str) -> Zeroizing<String> {
    let mut kept = Zeroizing::new(String::with_capacity(text.len()));
    text.split_ascii_whitespace()
        .for_each(|part| kept.push_str(part));
    kept
}

/// The number of distinct bytes. 64 random bytes have about 57; fewer than 16 do not occur by
/// chance.
fn distinct(bytes: &[u8; LENGTH]) -> usize {
    let mut sorted = Zeroizing::new(*bytes);
    sorted.sort_unstable();
    sorted.chunk_by(|a, b| a == b).count()
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::*;

    fn bytes() -> [u8; LENGTH] {
        std::array::from_fn(|index| u8::try_from(index * 4 + 3).unwrap())
    }

    #[test]
    fn both_alphabets_with_padding_and_line_breaks_are_read() {
        let wrapped = format!("{}\n", STANDARD.encode(bytes()).replace("ABC", "A\nBC"));
        let url_safe = URL_SAFE_NO_PAD.encode(bytes());
        for text in [wrapped, url_safe] {
            let key = SessionKey::parse(&text).unwrap();
            assert_eq!(key.secrets().collect::<Vec<_>>(), [bytes()]);
        }
    }

    #[test]
    fn weak_keys_are_refused_with_the_reason() {
        for (text, problem) in [
            (String::new(), "is empty"),
            ("!".to_owned(), "not base64"),
            (STANDARD.encode([7; 32]), "32 bytes, not 64"),
            (STANDARD.encode([7; 64]), "bytes repeat"),
            (format!("{},", STANDARD.encode(bytes())), "is empty"),
        ] {
            let error = SessionKey::parse(&text).unwrap_err().to_string();
            assert!(
                error.contains(problem) && error.contains("openssl rand"),
                "{error}"
            );
            assert!(text.len() < 2 || !error.contains(&text));
        }
    }

    #[test]
    fn a_key_has_at_least_sixteen_different_bytes() {
        let parse = |different: u8| {
            let bytes: [u8; LENGTH] =
                std::array::from_fn(|index| u8::try_from(index).unwrap() % different);
            SessionKey::parse(&STANDARD.encode(bytes))
        };
        assert!(parse(16).is_ok());
        let error = parse(15).unwrap_err().to_string();
        assert!(error.contains("bytes repeat"), "{error}");
    }
}
