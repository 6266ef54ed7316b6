//! The ids of sessions of this layer and of sessions at the provider.

use std::{error::Error, fmt, str::FromStr};

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::serde_text::TextOf;

/// The id of one session, 128 random bits. Its text has 32 hexadecimal digits.
///
/// The id is not a secret, because it gives no access. An application may store it with a list of
/// the user's devices, and end that session later with
/// [`OAuthLayer::revoke_session`](crate::OAuthLayer::revoke_session).
///
/// ```
/// use tower_phone_auth::SessionId;
///
/// let id: SessionId = "000102030405060708090a0b0c0d0e0f".parse()?;
/// assert_eq!(id.to_string(), "000102030405060708090a0b0c0d0e0f");
/// assert_eq!(format!("{id:?}"), "SessionId(00010203)");
/// # Ok::<(), tower_phone_auth::SessionIdError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId([u8; 16]);

impl SessionId {
    /// A new id. `None` if the system gives no random bytes.
    pub(crate) fn random() -> Option<Self> {
        let mut bytes = [0; 16];
        crate::random::fill(&mut bytes)?;
        Some(Self(bytes))
    }

    /// The id that a sealed session or an entry of the log contains.
    pub(crate) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, as sessions and the log store them.
    pub(crate) const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The first eight digits, for log lines. They join the lines of one session.
    pub(crate) fn prefix(&self) -> String {
        let [a, b, c, d, ..] = self.0;
        format!("{a:02x}{b:02x}{c:02x}{d:02x}")
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Shows the first eight digits.
impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionId({})", self.prefix())
    }
}

impl FromStr for SessionId {
    type Err = SessionIdError;

    fn from_str(text: &str) -> Result<Self, SessionIdError> {
        let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = (text.len() == 32 && is_hex).then(|| u128::from_str_radix(text, 16));
        match number {
            Some(Ok(number)) => Ok(Self(number.to_be_bytes())),
            _ => Err(SessionIdError),
        }
    }
}

/// Serialises as the 32 digits.
impl Serialize for SessionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads the 32 digits. An id gives no access, so one from any source is safe.
impl<'de> Deserialize<'de> for SessionId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        TextOf::new("32 hexadecimal digits", str::parse).of(deserializer)
    }
}

/// The error of parsing a [`SessionId`] from a text that is not 32 hexadecimal digits.
///
/// ```
/// use tower_phone_auth::SessionId;
///
/// let error = "42".parse::<SessionId>().unwrap_err();
/// assert_eq!(error.to_string(), "a session id is 32 hexadecimal digits");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionIdError;

impl fmt::Display for SessionIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a session id is 32 hexadecimal digits")
    }
}

impl Error for SessionIdError {}

/// A session at the provider (`sid` of OpenID Connect Back-Channel Logout 1.0 section 2.1), as the
/// first half of a SHA-256 hash. The cookie needs a small and fixed size, and each provider chooses
/// the length of its `sid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProviderSession([u8; 16]);

impl ProviderSession {
    /// The longest `sid` that is accepted, in bytes. OpenID Connect Back-Channel Logout 1.0 section
    /// 2.1 sets no limit, so this one only keeps a provider from making the layer hash megabytes.
    pub(crate) const LONGEST: usize = 1024;

    /// The hash of a `sid`. `None` if `sid` is empty or longer than [`LONGEST`](Self::LONGEST). Any
    /// other text is accepted, because the standard says only that it identifies a session.
    pub(crate) fn of(sid: &str) -> Option<Self> {
        let fits = (1..=Self::LONGEST).contains(&sid.len());
        let hash = digest(&SHA256, sid.as_bytes());
        let short = fits.then(|| hash.as_ref().first_chunk().copied()).flatten();
        short.map(Self)
    }

    /// The hash that a sealed session contains.
    pub(crate) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The hash, as sessions and the keys of revocations store it.
    pub(crate) const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_by_serde_as_it_was_written() {
        let id = SessionId::from_bytes([0xab; 16]);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{}\"", "ab".repeat(16)));
        assert_eq!(serde_json::from_str::<SessionId>(&json).unwrap(), id);
        for wrong in [
            "\"ab\"",
            "17",
            "null",
            "\"+bababababababababababababababab\"",
        ] {
            assert!(serde_json::from_str::<SessionId>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_id_is_32_hexadecimal_digits_and_nothing_else() {
        let digits = "00112233445566778899aabbccddeeff";
        let id: SessionId = digits.parse().unwrap();
        assert_eq!(id.as_bytes()[..3], [0x00, 0x11, 0x22]);
        assert_eq!(id.to_string(), digits);
        assert_eq!(digits.to_uppercase().parse(), Ok(id));
        for wrong in [
            String::new(),
            "42".to_owned(),
            digits[1..].to_owned(),
            format!("+{}", &digits[1..]),
            format!("{digits}0"),
            digits.replace('f', "g"),
            "한".repeat(32),
        ] {
            assert_eq!(wrong.parse::<SessionId>(), Err(SessionIdError), "{wrong}");
        }
    }

    #[test]
    fn any_text_of_a_bounded_length_is_a_sid() {
        let longest = "s".repeat(ProviderSession::LONGEST);
        let all = [
            "with space",
            "LDGO|- :",
            "줄",
            "\n",
            "\u{202e}",
            longest.as_str(),
        ];
        let names = all.map(|sid| ProviderSession::of(sid).unwrap());
        for (index, name) in names.iter().enumerate() {
            assert!(!names[..index].contains(name), "{index}");
        }
        for sid in ["", &format!("{longest}s")] {
            assert_eq!(ProviderSession::of(sid), None, "{}", sid.len());
        }
    }
}
