//! Sealing: what the browser carries for us, unreadable and unchangeable to it.

use std::time::Duration;

use aws_lc_rs::aead::{Aad, NONCE_LEN, Nonce};
use base64::{Engine, engine::general_purpose::NO_PAD};

use self::daily::{DAY_LEN, DailyKeys, Day, ID_LEN, Window};
use crate::{clock::UnixTime, key::SessionKey};

mod daily;
mod scope;

pub(crate) use scope::Scope;

/// What is sealed; a cookie of one purpose never opens as another.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Session,
    Pending,
    Form,
    Logout,
    Revocation,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"tower-phone-auth 2 session",
            Self::Pending => b"tower-phone-auth 2 pending login",
            Self::Form => b"tower-phone-auth 2 saved form",
            Self::Logout => b"tower-phone-auth 2 logout",
            Self::Revocation => b"tower-phone-auth 2 revocation",
        }
    }

    /// Several layers of one application share a log of revocations: each reads what the others revoke. Everything
    /// else belongs to one layer.
    fn scope(self, layer: &Scope) -> Scope {
        match self {
            Self::Session | Self::Pending | Self::Form | Self::Logout => layer.clone(),
            Self::Revocation => layer.without_prefix(),
        }
    }

    /// How many days the clock of another replica may be ahead. A cookie from further ahead is not valid; a revocation
    /// is, since it must not be lost for a wrong clock, and strangers cannot write any.
    fn ahead(self) -> u32 {
        match self {
            Self::Session | Self::Pending | Self::Form | Self::Logout => 1,
            Self::Revocation => 400,
        }
    }
}

const VERSION: u8 = 2;
const HEAD_LEN: usize = 1 + ID_LEN + DAY_LEN + NONCE_LEN;

/// Seals with the first key, opens with any: AES-256-GCM with random nonces.
///
/// Each secret, purpose, origin, prefix and day (UTC) has a key of its own, derived with HKDF-SHA-256 (RFC 5869): the
/// salt is the purpose with the [`Scope`], the info is the day. The cookie's name is associated data. The value is
/// base64url of these bytes:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version |
/// | 3 | key id: derived with the same salt, so that a value of another place is refused unopened |
/// | 3 | day since 1970 on which it was sealed, big-endian |
/// | 12 | nonce |
/// | as many as were sealed | ciphertext |
/// | 16 | tag |
///
/// Random nonces of 96 bits allow 2^32 values under one key (NIST SP 800-38D section 8.3): 49,710 a second, all day, in all
/// replicas together. A key seals for one day, so no rotation of the secret is needed for this bound.
pub(crate) struct Sealer {
    keys: Vec<DailyKeys>,
    base64: Base64,
}

/// The vector unit decodes a session in a third of the time.
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
    /// What it seals is of use for `life` at most. None only if the primitives themselves fail.
    pub(crate) fn new(
        key: &SessionKey,
        purpose: Purpose,
        layer: &Scope,
        life: Duration,
    ) -> Option<Self> {
        let salt = purpose.scope(layer).salt(purpose.label());
        let window = Window::new(life, purpose.ahead());
        let keys = key
            .secrets()
            .map(|secret| DailyKeys::new(secret, &salt, window))
            .collect::<Option<Vec<_>>>()?;
        Some(Self {
            keys,
            base64: url_safe(),
        })
    }

    pub(crate) fn seal(&self, name: &str, plain: &[u8], now: UnixTime) -> Option<String> {
        let (key, today) = (self.keys.first()?, Day::of(now)?);
        let mut sealed = plain.to_vec();
        let nonce = key.with(today, today, |aead| {
            aead.seal_in_place_append_tag(Aad::from(name.as_bytes()), &mut sealed)
                .ok()
        })?;
        let head = [&[VERSION], &key.id()[..], &today.to_bytes(), nonce.as_ref()].concat();
        Some(self.base64.encode([head, sealed].concat()))
    }

    /// Opens `value` into `buffer`, which bounds how much is looked at.
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
        let index = self.keys.iter().position(|key| key.id() == id)?;
        let key = self.keys.get(index)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let plain = key.with(Day::from_bytes(*day), Day::of(now)?, |aead| {
            aead.open_in_place(nonce, Aad::from(name.as_bytes()), sealed)
                .ok()
        })?;
        Some(Plain {
            plain,
            outdated: index > 0,
        })
    }
}

/// What was sealed.
pub(crate) struct Plain<'b> {
    pub(crate) plain: &'b [u8],
    /// Sealed with a key that only opens.
    pub(crate) outdated: bool,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealer({} keys)", self.keys.len())
    }
}

#[cfg(test)]
impl Sealer {
    /// For the tests of what is sealed: at one place, for a day.
    pub(crate) fn for_tests(key: &SessionKey, purpose: Purpose) -> Self {
        Self::new(key, purpose, &Scope::for_tests(), Duration::from_secs(1)).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    use super::*;
    use crate::{origin::Origin, prefix::Prefix};

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    const LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

    fn now() -> UnixTime {
        UnixTime::from_secs(1_800_000_000)
    }

    fn scope(origin: &str, prefix: &str) -> Scope {
        Scope::new(
            &Origin::parse(origin).unwrap(),
            &Prefix::parse(prefix).unwrap(),
        )
    }

    fn at(key: &SessionKey, purpose: Purpose, origin: &str, prefix: &str) -> Sealer {
        Sealer::new(key, purpose, &scope(origin, prefix), LIFE).unwrap()
    }

    fn sealer(key: &SessionKey) -> Sealer {
        at(key, Purpose::Session, "https://shop.example.com", "/auth")
    }

    fn opens_at(sealer: &Sealer, name: &str, value: &str, now: UnixTime) -> Option<Vec<u8>> {
        let mut buffer = vec![0; value.len() + 4];
        let opened = sealer.open(name, value.as_bytes(), now, &mut buffer)?;
        Some(opened.plain.to_vec())
    }

    fn opens(sealer: &Sealer, name: &str, value: &str) -> Option<Vec<u8>> {
        opens_at(sealer, name, value, now())
    }

    /// What stands before the nonce.
    fn head(value: &str) -> Vec<u8> {
        let bytes = URL_SAFE_NO_PAD.decode(value).unwrap();
        bytes[..HEAD_LEN - NONCE_LEN].to_vec()
    }

    #[test]
    fn a_value_opens_under_its_own_name_purpose_and_key_only() {
        let key = SessionKey::random();
        let value = sealer(&key).seal("a", b"hello", now()).unwrap();
        assert_eq!(opens(&sealer(&key), "a", &value).unwrap(), b"hello");
        assert_eq!(opens(&sealer(&key), "b", &value), None);
        assert_eq!(opens(&sealer(&SessionKey::random()), "a", &value), None);
        for purpose in [
            Purpose::Pending,
            Purpose::Form,
            Purpose::Logout,
            Purpose::Revocation,
        ] {
            let other = at(&key, purpose, "https://shop.example.com", "/auth");
            assert_eq!(opens(&other, "a", &value), None, "{purpose:?}");
        }
    }

    #[test]
    fn a_value_of_another_origin_or_prefix_does_not_open() {
        let key = SessionKey::random();
        let (shop, auth) = ("https://shop.example.com", "/auth");
        for purpose in [
            Purpose::Session,
            Purpose::Pending,
            Purpose::Form,
            Purpose::Logout,
            Purpose::Revocation,
        ] {
            let value = at(&key, purpose, shop, auth).seal("a", b"hello", now());
            let opened = |origin, prefix| {
                let sealer = at(&key, purpose, origin, prefix);
                opens(&sealer, "a", value.as_ref().unwrap()).is_some()
            };
            for same in [
                shop,
                "https://SHOP.example.com:443",
                "HTTPS://shop.example.com/",
            ] {
                assert!(opened(same, auth), "{purpose:?} {same}");
            }
            for other in [
                "https://staff.example.com",
                "https://shop.example.com:8443",
                "http://localhost:3000",
                "https://shop.example.co",
            ] {
                assert!(!opened(other, auth), "{purpose:?} {other}");
            }
            let shared = matches!(purpose, Purpose::Revocation);
            for prefix in ["/staff/auth", "/aut", "/auth/auth"] {
                assert_eq!(opened(shop, prefix), shared, "{purpose:?} {prefix}");
            }
        }
    }

    #[test]
    fn a_retired_key_still_opens_and_no_longer_seals() {
        let old = SessionKey::random();
        let rotated = SessionKey::random().and(old.clone());
        let value = sealer(&old).seal("a", b"hello", now()).unwrap();
        assert_eq!(opens(&sealer(&rotated), "a", &value).unwrap(), b"hello");
        let value = sealer(&rotated).seal("a", b"hello", now()).unwrap();
        assert_eq!(opens(&sealer(&old), "a", &value), None);
    }

    #[test]
    fn a_value_opens_on_every_day_of_its_life() {
        let sealer = sealer(&SessionKey::random());
        let value = sealer.seal("a", b"hello", now()).unwrap();
        for days in 0..=30 {
            let then = now().after(days * DAY);
            assert!(opens_at(&sealer, "a", &value, then).is_some(), "{days}");
            // Each day seals with a key of its own.
            let other = sealer.seal("a", b"hello", then).unwrap();
            assert_eq!(opens_at(&sealer, "a", &other, then).unwrap(), b"hello");
            assert_eq!(head(&other) == head(&value), days == 0);
        }
        assert_eq!(opens_at(&sealer, "a", &value, now().after(32 * DAY)), None);
        // The clock of the replica that sealed it may be ahead a little.
        assert!(opens_at(&sealer, "a", &value, now().before(DAY)).is_some());
        assert_eq!(opens_at(&sealer, "a", &value, now().before(2 * DAY)), None);
    }

    #[test]
    fn a_revocation_opens_also_where_the_clock_is_months_behind() {
        let sealer = Sealer::for_tests(&SessionKey::random(), Purpose::Revocation);
        let value = sealer.seal("a", b"hello", now()).unwrap();
        assert!(opens_at(&sealer, "a", &value, now().before(400 * DAY)).is_some());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let sealer = sealer(&SessionKey::random());
        let value = sealer.seal("a", b"hello", now()).unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&value).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(opens(&sealer, "a", &URL_SAFE_NO_PAD.encode(forged)), None);
        }
        for length in 0..bytes.len() {
            assert_eq!(
                opens(&sealer, "a", &URL_SAFE_NO_PAD.encode(&bytes[..length])),
                None
            );
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_back_and_any_text_is_survived(plain: Vec<u8>, junk: String) {
            let sealer = sealer(&SessionKey::random());
            let value = sealer.seal("a", &plain, now()).unwrap();
            prop_assert_eq!(opens(&sealer, "a", &value), Some(plain));
            prop_assert_eq!(opens(&sealer, "a", &junk), None);
        }
    }
}
