//! The keys of the database and of the session, and encryption with one of them.

use std::{env, error::Error, sync::Arc};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    error::Unspecified,
    rand,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use tower_phone_auth::{SessionKey, phone::IndexKey};

/// All keys of the application.
#[derive(Clone)]
pub struct Keys {
    pub session: SessionKey,
    /// For `users_by_phone`. Another key would lose the users of all numbers.
    pub index: IndexKey,
    pub sealer: Sealer,
}

impl Keys {
    /// Keys for a database in memory, which ends with the process too.
    ///
    /// # Errors
    /// If the system has no random bytes.
    pub fn random() -> Result<Self, Box<dyn Error>> {
        let mut bytes = [[0; 32]; 2];
        rand::fill(bytes.as_flattened_mut())?;
        Ok(Self {
            session: SessionKey::random(),
            index: IndexKey::from_bytes(bytes[0])?,
            sealer: Sealer::new(&bytes[1])?,
        })
    }

    /// The keys of `SESSION_KEY`, `PHONE_INDEX_KEY` and `PHONE_SEAL_KEY`. The last two are base64
    /// of 32 random bytes each.
    ///
    /// # Errors
    /// If one is missing or no such key.
    pub fn from_env() -> Result<Self, Box<dyn Error>> {
        let name = "PHONE_SEAL_KEY";
        let sealer = env::var(name).ok().and_then(|text| {
            let bytes = STANDARD.decode(text.trim()).ok()?;
            Sealer::new(bytes.as_slice().try_into().ok()?).ok()
        });
        let remedy = "set it to the output of `openssl rand -base64 32`";
        Ok(Self {
            session: SessionKey::from_env("SESSION_KEY")?,
            index: IndexKey::from_env("PHONE_INDEX_KEY")?,
            sealer: sealer.ok_or(format!("{name}: is missing or no key; {remedy}"))?,
        })
    }
}

/// Encrypts with AES-256-GCM, under a random nonce that is put in front.
#[derive(Clone)]
pub struct Sealer(Arc<RandomizedNonceKey>);

impl Sealer {
    fn new(key: &[u8; 32]) -> Result<Self, Unspecified> {
        Ok(Self(Arc::new(RandomizedNonceKey::new(&AES_256_GCM, key)?)))
    }

    /// `purpose` is not encrypted. A value opens for the same one only, so a row that is copied
    /// over another one is refused.
    pub(crate) fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let mut sealed = plain.to_vec();
        let aad = Aad::from(purpose);
        let nonce = self.0.seal_in_place_append_tag(aad, &mut sealed)?;
        Ok([&nonce.as_ref()[..], &sealed].concat())
    }

    pub(crate) fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Unspecified)?;
        let (nonce, mut sealed) = (Nonce::assume_unique_for_key(*nonce), sealed.to_vec());
        let plain = self
            .0
            .open_in_place(nonce, Aad::from(purpose), &mut sealed)?;
        Ok(plain.to_vec())
    }
}
