//! The key that sessions and pending logins are sealed with.

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
const REMEDY: &str = "give base64 of 64 random bytes, from `openssl rand -base64 64 | tr -d '\\n'`";

/// 64 random bytes that seal the cookies, and older ones that still open them.
///
/// Every replica of an application needs the same key, and each application needs a key of its own: staging another one
/// than production. There is no default: a key that is published, short or made of one byte repeated would let anybody
/// mint sessions. Two applications that share a key by mistake still do not accept each other's cookies: the origin of
/// [`public_url`](crate::Builder::public_url) and the [`prefix`](crate::Builder::prefix) are part of every key that is
/// derived from this one. Layers of one origin share their revocations.
///
/// Rotation, with nobody signed out: give `old.and(new)` to every replica, so that all open both; then
/// `new.and(old)`, so that all seal with the new one; and drop the old one when the longest session life has passed.
/// A single replica may begin with the second step.
///
/// No rotation is needed for the number of values that are sealed. AES-256-GCM with random nonces is good for 2^32 values under
/// one key (NIST SP 800-38D section 8.3), and every day (UTC) has sealing keys of its own: 49,710 values a second of one
/// kind, all day, in all replicas together. A page visit without a session seals one pending login; a request past half of
/// [`idle_timeout`](crate::Builder::idle_timeout) seals its session again, each time that the same cookie is sent.
///
/// The bytes of a key, its text and the keys derived from it are wiped from memory when they are dropped. The
/// process environment that [`from_env`](Self::from_env) reads, the text that the application gives to
/// [`parse`](Self::parse) and copies that the compiler makes on the stack are not.
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
    keys: Vec<Arc<SecretBox<[u8; LENGTH]>>>,
    /// Whether one of them outlives this process.
    is_kept: bool,
    /// The environment variable from which the first one was read.
    variable: Option<Arc<str>>,
}

/// The number of the keys and where they come from: for the doctor.
#[derive(Clone, Debug)]
pub(crate) struct KeyOrigin {
    pub(crate) keys: usize,
    /// Whether one of them outlives this process.
    pub(crate) is_kept: bool,
    pub(crate) variable: Option<Arc<str>>,
}

impl SessionKey {
    /// A fresh random key: every restart signs everybody out. For development.
    ///
    /// # Panics
    /// If the operating system gives no random bytes: better no key than a guessable one.
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

    /// The key from an environment variable: base64 of 64 random bytes, or a comma list of
    /// those, of which the first seals and all open.
    ///
    /// ```no_run
    /// # use tower_phone_auth::SessionKey;
    /// let key = SessionKey::from_env("SESSION_KEY")?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If the variable is missing, or a key in it is short, too regular or not base64.
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

    /// The key from text of the same form as for [`from_env`](Self::from_env). Both base64
    /// alphabets are read, with or without padding and line breaks.
    ///
    /// ```
    /// # use tower_phone_auth::SessionKey;
    /// let error = SessionKey::parse("c2hvcnQ=").unwrap_err();
    /// assert!(error.to_string().contains("5 bytes"));
    /// ```
    ///
    /// # Errors
    /// If a key is short, too regular or not base64.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        Self::named("session_key".to_owned(), text)
    }

    pub(crate) fn origin(&self) -> KeyOrigin {
        KeyOrigin {
            keys: self.keys.len(),
            is_kept: self.is_kept,
            variable: self.variable.clone(),
        }
    }

    /// This key, and `older` ones that open only.
    #[must_use]
    pub fn and(mut self, older: Self) -> Self {
        self.keys.extend(older.keys);
        self.is_kept |= older.is_kept;
        self
    }

    pub(crate) fn secrets(&self) -> impl Iterator<Item = &[u8]> {
        self.keys.iter().map(|key| &key.expose_secret()[..])
    }

    /// Whether a cookie of before a restart may open after it.
    pub(crate) const fn is_kept(&self) -> bool {
        self.is_kept
    }

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

/// The problem names lengths, never the bytes.
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
    // Filled where it stays, so that no copy is left behind.
    let mut bytes = Box::new([0; LENGTH]);
    bytes.copy_from_slice(&decoded);
    let key = SecretBox::new(bytes);
    if distinct(key.expose_secret()) < 16 {
        return Err("a key is not random: its bytes repeat".to_owned());
    }
    Ok(Arc::new(key))
}

/// In one allocation: a text that grows leaves copies behind.
fn without_white_space(text: &str) -> Zeroizing<String> {
    let mut kept = Zeroizing::new(String::with_capacity(text.len()));
    text.split_ascii_whitespace()
        .for_each(|part| kept.push_str(part));
    kept
}

/// 64 random bytes have some 57 distinct values; fewer than 16 never happens by chance.
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
}
