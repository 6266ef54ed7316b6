//! Sealing: what the browser carries for us, unreadable and unchangeable to it.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf::{HKDF_SHA256, KeyType, Salt},
};
use base64::{Engine, engine::general_purpose::NO_PAD};

use crate::key::SessionKey;

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
            Self::Session => b"tower-phone-auth 1 session",
            Self::Pending => b"tower-phone-auth 1 pending login",
            Self::Form => b"tower-phone-auth 1 saved form",
            Self::Logout => b"tower-phone-auth 1 logout",
            Self::Revocation => b"tower-phone-auth 1 revocation",
        }
    }
}

const VERSION: u8 = 1;
const ID_LEN: usize = 3;
const HEAD_LEN: usize = 1 + ID_LEN + NONCE_LEN;

/// Seals with the first key, opens with any: AES-256-GCM with random nonces.
///
/// Each purpose has keys of its own, derived with HKDF (RFC 5869); the cookie's name is
/// associated data. Layout: version, key id, nonce, ciphertext and tag, in base64url.
pub(crate) struct Sealer {
    keys: Vec<Key>,
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

struct Key {
    id: [u8; ID_LEN],
    aead: RandomizedNonceKey,
}

impl Sealer {
    /// None only if the primitives themselves fail.
    pub(crate) fn new(key: &SessionKey, purpose: Purpose) -> Option<Self> {
        let derive = |secret: &[u8]| {
            let prk = Salt::new(HKDF_SHA256, purpose.label()).extract(secret);
            let mut bytes = [0; 32];
            prk.expand(&[b"key"], Length(32))
                .ok()?
                .fill(&mut bytes)
                .ok()?;
            let mut id = [0; ID_LEN];
            prk.expand(&[b"id"], Length(ID_LEN))
                .ok()?
                .fill(&mut id)
                .ok()?;
            let aead = RandomizedNonceKey::new(&AES_256_GCM, &bytes).ok()?;
            Some(Key { id, aead })
        };
        let keys = key.secrets().map(derive).collect::<Option<Vec<_>>>()?;
        Some(Self {
            keys,
            base64: url_safe(),
        })
    }

    pub(crate) fn seal(&self, name: &str, plain: &[u8]) -> Option<String> {
        let key = self.keys.first()?;
        let mut sealed = plain.to_vec();
        let nonce = key
            .aead
            .seal_in_place_append_tag(Aad::from(name.as_bytes()), &mut sealed)
            .ok()?;
        let head = [&[VERSION], &key.id[..], nonce.as_ref()].concat();
        Some(self.base64.encode([head, sealed].concat()))
    }

    /// Opens `value` into `buffer`, which bounds how much is looked at.
    pub(crate) fn open<'b>(
        &self,
        name: &str,
        value: &[u8],
        buffer: &'b mut [u8],
    ) -> Option<Plain<'b>> {
        let length = self.base64.decode_slice(value, buffer).ok()?;
        let (head, sealed) = buffer.get_mut(..length)?.split_at_mut_checked(HEAD_LEN)?;
        let (id, nonce) = head.strip_prefix(&[VERSION])?.split_at_checked(ID_LEN)?;
        let index = self.keys.iter().position(|key| key.id == id)?;
        let key = self.keys.get(index)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let plain = key
            .aead
            .open_in_place(nonce, Aad::from(name.as_bytes()), sealed)
            .ok()?;
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

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    use super::*;

    fn sealer(key: &SessionKey) -> Sealer {
        Sealer::new(key, Purpose::Session).unwrap()
    }

    fn opens(sealer: &Sealer, name: &str, value: &str) -> Option<Vec<u8>> {
        let mut buffer = vec![0; value.len() + 4];
        let opened = sealer.open(name, value.as_bytes(), &mut buffer)?;
        Some(opened.plain.to_vec())
    }

    #[test]
    fn a_value_opens_under_its_own_name_purpose_and_key_only() {
        let key = SessionKey::random();
        let value = sealer(&key).seal("a", b"hello").unwrap();
        assert_eq!(opens(&sealer(&key), "a", &value).unwrap(), b"hello");
        assert_eq!(opens(&sealer(&key), "b", &value), None);
        assert_eq!(opens(&sealer(&SessionKey::random()), "a", &value), None);
        let pending = Sealer::new(&key, Purpose::Pending).unwrap();
        assert_eq!(opens(&pending, "a", &value), None);
    }

    #[test]
    fn a_retired_key_still_opens_and_no_longer_seals() {
        let old = SessionKey::random();
        let rotated = SessionKey::random().and(old.clone());
        let value = sealer(&old).seal("a", b"hello").unwrap();
        assert_eq!(opens(&sealer(&rotated), "a", &value).unwrap(), b"hello");
        let value = sealer(&rotated).seal("a", b"hello").unwrap();
        assert_eq!(opens(&sealer(&old), "a", &value), None);
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let sealer = sealer(&SessionKey::random());
        let value = sealer.seal("a", b"hello").unwrap();
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
            let value = sealer.seal("a", &plain).unwrap();
            prop_assert_eq!(opens(&sealer, "a", &value), Some(plain));
            prop_assert_eq!(opens(&sealer, "a", &junk), None);
        }
    }
}
