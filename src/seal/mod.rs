//! Sealing: authenticated encryption of everything that the browser carries for the layer.
//!
//! A [`Sealer`] belongs to one [`Purpose`] and one layer. Its keys are derived from the
//! [`SessionKey`], so that a value never opens for another purpose, another layer, or under another
//! cookie's name. A replica needs no state to open a value that another one sealed.
//!
//! The first secret of a [`SessionKey`] seals. The others only open; they are retired keys. The
//! layer seals a value again that a retired key opened.
//!
//! Opening is not a check of age. Each kind of value holds its own times, and its reader checks
//! them.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::NO_PAD};

use self::aead::NONCE_LEN;
use self::daily::{DAY_LEN, DailyKeys, Day, ID_LEN, Window};
use self::key::SessionKey;
use crate::clock::UnixTime;

pub(crate) use cookie::{OpenedCookie, SealedCookie, SealedValue};
pub(crate) use purpose::{FORM_LIFE, LONGEST_LIFE, PENDING_LIFE, PHONE_STEP_LIFE, Purpose};
pub(crate) use scope::Scope;

mod aead;
mod cookie;
mod daily;
pub(crate) mod key;
mod purpose;
mod scope;
#[cfg(test)]
mod tests;

/// The first byte of a sealed value. A value of another version does not open.
const VERSION: u8 = 2;
/// The longest value that is opened, in bytes. Browsers keep cookies up to 4096 bytes, with name
/// and attributes (RFC 6265bis section 5.6).
const LONGEST: usize = 4096;
/// The bytes before the ciphertext, as in the table of [`Sealer`].
const HEAD_LEN: usize = 1 + ID_LEN + DAY_LEN + NONCE_LEN;

/// AES-256-GCM with random nonces. The first key seals, and every key opens.
///
/// Each secret, purpose, origin, prefix and day (UTC) has a key of its own, derived with
/// HKDF-SHA-256 (RFC 5869): the salt is the purpose with the [`Scope`], the info is the day. The
/// cookie's name is associated data. The value is base64url of these bytes:
///
/// | bytes | content |
/// |---|---|
/// | 1 | version |
/// | 3 | key id, derived with the same salt, so a value of another layer is refused before it is opened |
/// | 3 | day since 1970 on which it was sealed, big-endian |
/// | 12 | nonce |
/// | as many as were sealed | ciphertext |
/// | 16 | tag |
///
/// Random nonces of 96 bits allow 2^32 values under one key (NIST SP 800-38D section 8.3). A key
/// seals for one day, so that is 49,710 values a second in all replicas together, and no rotation
/// of the secret is needed for this bound.
pub(crate) struct Sealer {
    /// The keys of each secret. The first one seals.
    keys: Vec<DailyKeys>,
    /// The engine for base64url without padding.
    base64: Base64,
}

/// With SIMD, decoding a session takes a third of the time.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
type Base64 = base64::engine::Simd;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
type Base64 = base64::engine::GeneralPurpose;

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn url_safe() -> Base64 {
    Base64::url_safe(NO_PAD)
}
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn url_safe() -> Base64 {
    Base64::new(&base64::alphabet::URL_SAFE, NO_PAD)
}

impl Sealer {
    /// The sealer of one purpose. `session_life` bounds the days that the sealer opens. `None` only
    /// if HKDF or AES fails.
    pub(crate) fn new(
        key: &SessionKey,
        purpose: Purpose,
        layer: &Scope,
        session_life: Duration,
    ) -> Option<Self> {
        let salt = purpose.scope(layer).salt(purpose.label());
        let window = Window::new(purpose.life(session_life), purpose.ahead());
        let keys = key
            .secrets()
            .map(|secret| DailyKeys::new(secret, &salt, window))
            .collect::<Option<Vec<_>>>()?;
        Some(Self {
            keys,
            base64: url_safe(),
        })
    }

    /// The id of the sealing key as hexadecimal digits, and the number of keys that open. The id is
    /// not a secret, because every cookie has it. An operator compares it between replicas.
    pub(crate) fn key_id(&self) -> (String, usize) {
        let id = self.keys.first().map(|key| {
            let [a, b, c] = key.id();
            format!("{a:02x}{b:02x}{c:02x}")
        });
        (id.unwrap_or_default(), self.keys.len())
    }

    /// Whether this sealer opens the values that `other` seals now.
    pub(crate) fn opens_those_of(&self, other: &Self) -> bool {
        let sealing = other.keys.first();
        sealing.is_none_or(|sealing| self.keys.iter().any(|key| key.id() == sealing.id()))
    }

    /// Seals `plain` under a cookie's name. `None` if the system gives no random bytes for the
    /// nonce, or if AES fails.
    pub(crate) fn seal(&self, name: &str, plain: &[u8], now: UnixTime) -> Option<String> {
        let (key, today) = (self.keys.first()?, Day::of(now)?);
        let mut sealed = plain.to_vec();
        let nonce = key.with(today, today, |aead| aead.seal(name, &mut sealed))?;
        let head = [&[VERSION], &key.id()[..], &today.to_bytes(), &nonce].concat();
        Some(self.base64.encode([head, sealed].concat()))
    }

    /// Opens `value` into `buffer`. `None` if the value is longer than the buffer, was not sealed
    /// by this layer for this purpose and name, or is of a day outside of the window. The caller
    /// does not learn the cause, because a browser can send any bytes.
    pub(crate) fn open<'b>(
        &self,
        name: &str,
        value: &[u8],
        now: UnixTime,
        buffer: &'b mut [u8],
    ) -> Option<Plain<'b>> {
        let length = self.base64.decode_slice(value, buffer).ok()?;
        let (head, sealed) = buffer.get_mut(..length)?.split_at_mut_checked(HEAD_LEN)?;
        let (id, rest) = head.strip_prefix(&[VERSION])?.split_first_chunk()?;
        let (day, nonce) = rest.split_first_chunk()?;
        // Cookies of other applications usually end here, before any decryption. Two keys of a
        // layer have the same id once in 16 million cases. The values of the retired one then do
        // not open, and its users sign in again.
        let index = self.keys.iter().position(|key| key.id() == id)?;
        let key = self.keys.get(index)?;
        let nonce = nonce.try_into().ok()?;
        // The day is not authenticated yet. The window bounds it, and a wrong day gives a key under
        // which the value does not open.
        let (day, today) = (Day::from_bytes(*day), Day::of(now)?);
        let plain = key.with(day, today, |aead| aead.open(name, nonce, sealed))?;
        Some(Plain {
            plain,
            retired_key: index > 0,
        })
    }

    /// Whether this layer sealed the value. Any other cookie may belong to another application.
    pub(crate) fn opens(&self, name: &str, value: &[u8], now: UnixTime) -> bool {
        let mut buffer = vec![0; value.len().min(LONGEST)];
        self.open(name, value, now, &mut buffer).is_some()
    }
}

/// An opened value.
pub(crate) struct Plain<'b> {
    /// The sealed bytes, in the caller's buffer.
    pub(crate) plain: &'b [u8],
    /// A retired key opened the value, so it should be sealed again.
    pub(crate) retired_key: bool,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealer({} keys)", self.keys.len())
    }
}

#[cfg(test)]
impl Sealer {
    /// A sealer of a fixed layer, with sessions of one second.
    pub(crate) fn for_tests(key: &SessionKey, purpose: Purpose) -> Self {
        Self::new(key, purpose, &Scope::for_tests(), Duration::from_secs(1)).unwrap()
    }
}
