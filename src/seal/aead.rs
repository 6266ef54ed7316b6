//! AES-256-GCM with a random nonce for each value.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, RandomizedNonceKey, UnboundKey};

use crate::random;

pub(super) use aws_lc_rs::aead::NONCE_LEN;

/// The key of one day. Each sealed value gets a new random nonce, which the caller cannot choose.
pub(super) enum DayKey {
    /// The nonce comes from the operating system.
    Ordinary(LessSafeKey),
    /// The nonce is made inside of the FIPS module, which must make it itself (NIST SP 800-38D
    /// section 8.2.2, FIPS 140-3 implementation guidance C.H).
    Fips(RandomizedNonceKey),
}

impl DayKey {
    /// `None` only if AES fails.
    pub(super) fn new(bytes: &[u8; 32]) -> Option<Self> {
        if random::is_fips() {
            RandomizedNonceKey::new(&AES_256_GCM, bytes)
                .ok()
                .map(Self::Fips)
        } else {
            let key = UnboundKey::new(&AES_256_GCM, bytes).ok()?;
            Some(Self::Ordinary(LessSafeKey::new(key)))
        }
    }

    /// Seals `plain` in its place and appends the tag. `name` is associated data. Returns the
    /// nonce. `None` if the system gives no random bytes, or if AES fails.
    pub(super) fn seal(&self, name: &str, plain: &mut Vec<u8>) -> Option<[u8; NONCE_LEN]> {
        let name = Aad::from(name.as_bytes());
        match self {
            Self::Ordinary(key) => {
                let mut nonce = [0; NONCE_LEN];
                random::fill(&mut nonce)?;
                let unique = Nonce::assume_unique_for_key(nonce);
                key.seal_in_place_append_tag(unique, name, plain).ok()?;
                Some(nonce)
            }
            Self::Fips(key) => {
                let nonce = key.seal_in_place_append_tag(name, plain).ok()?;
                Some(*nonce.as_ref())
            }
        }
    }

    /// Opens `sealed`, which ends with the tag, in its place. `None` if it was not sealed by this
    /// key with this name and nonce.
    pub(super) fn open<'b>(
        &self,
        name: &str,
        nonce: [u8; NONCE_LEN],
        sealed: &'b mut [u8],
    ) -> Option<&'b mut [u8]> {
        let (name, nonce) = (
            Aad::from(name.as_bytes()),
            Nonce::assume_unique_for_key(nonce),
        );
        match self {
            Self::Ordinary(key) => key.open_in_place(nonce, name, sealed).ok(),
            Self::Fips(key) => key.open_in_place(nonce, name, sealed).ok(),
        }
    }
}
