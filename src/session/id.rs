//! The names of sessions: ours, and the provider's.

use std::{error::Error, fmt, str::FromStr};

use aws_lc_rs::digest::{SHA256, digest};

/// Names one session, and no other.
///
/// It is no secret: knowing it opens nothing. An application may keep it beside the devices that it lists, and
/// end that one session later with [`OAuthLayer::revoke_session`](crate::OAuthLayer::revoke_session). Written as 32
/// hexadecimal digits.
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
    /// None without randomness.
    pub(crate) fn random() -> Option<Self> {
        let mut bytes = [0; 16];
        aws_lc_rs::rand::fill(&mut bytes).ok()?;
        Some(Self(bytes))
    }

    pub(crate) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The first eight digits: enough to tell sessions apart in a log.
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

/// The first digits are enough to tell sessions apart in a log.
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

/// The text names no session: it is not 32 hexadecimal digits.
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

/// A session at the provider (OpenID Connect `sid`), by its hash: of a fixed, small size in the cookie,
/// whatever the provider writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProviderSession([u8; 16]);

impl ProviderSession {
    /// The longest that is kept, in bytes: OpenID Connect Back-Channel Logout 1.0 section 2.1 bounds it nowhere.
    pub(crate) const LONGEST: usize = 1024;

    /// Any text may name a session. None if it is empty or too long.
    pub(crate) fn of(sid: &str) -> Option<Self> {
        let fits = (1..=Self::LONGEST).contains(&sid.len());
        let hash = digest(&SHA256, sid.as_bytes());
        let short = fits.then(|| hash.as_ref().first_chunk().copied()).flatten();
        short.map(Self)
    }

    pub(crate) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}
