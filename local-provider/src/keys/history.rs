//! The signing keys and their rotation.
//!
//! A key is made for each family and generation. A rotation only raises the generation, so it costs
//! nothing until the next token is signed.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use serde_json::{Value, json};

use crate::keys::{
    algorithm::Algorithm,
    key::{Family, Key},
};

/// The generation of keys that signs, in every dialect.
#[derive(Default)]
pub(crate) struct KeyHistory {
    generation: u32,
    /// The next token is signed with new keys. That order lets a client read the old key set first.
    rotation_is_due: bool,
}

/// How a dialect publishes the keys of its algorithm.
#[derive(Clone, Copy)]
pub(crate) struct Publication {
    pub(crate) algorithm: Algorithm,
    /// Whether keys and tokens have a `kid`.
    pub(crate) kids: bool,
    /// Whether every generation has the same `kid`.
    pub(crate) reuses_kid: bool,
    /// Whether earlier generations stay published.
    pub(crate) keeps_old_keys: bool,
}

impl Publication {
    /// The usual publication of an algorithm.
    pub(crate) const fn of(algorithm: Algorithm) -> Self {
        Self {
            algorithm,
            kids: true,
            reuses_kid: false,
            keeps_old_keys: false,
        }
    }

    /// The `kid` of a generation.
    fn kid(&self, generation: u32) -> Option<String> {
        let number = if self.reuses_kid { 0 } else { generation };
        let name = self.algorithm.name().to_ascii_lowercase();
        self.kids.then(|| format!("local-{name}-{number}"))
    }
}

impl KeyHistory {
    /// Signs with new keys from now on.
    pub(crate) fn rotate(&mut self) {
        self.generation += 1;
    }

    /// Rotates when the next token is signed.
    pub(crate) fn rotate_before_next_token(&mut self) {
        self.rotation_is_due = true;
    }

    /// Rotates if that is due. Called before each token.
    pub(crate) fn settle(&mut self) {
        if std::mem::take(&mut self.rotation_is_due) {
            self.rotate();
        }
    }

    /// The key that signs. `None` for HS256, whose key is the client secret, or if no key can be
    /// made.
    pub(crate) fn key(&self, algorithm: Algorithm) -> Option<Arc<Key>> {
        key(Family::of(algorithm)?, self.generation)
    }

    /// The `kid` of the key that signs. `None` for HS256.
    pub(crate) fn kid(&self, publication: &Publication) -> Option<String> {
        Family::of(publication.algorithm)?;
        publication.kid(self.generation)
    }

    /// A key of the same family that is never published. Its generation is one that no rotation
    /// reaches.
    pub(crate) fn foreign_key(algorithm: Algorithm) -> Option<Arc<Key>> {
        key(Family::of(algorithm)?, u32::MAX)
    }

    /// The public keys, newest first.
    pub(crate) fn published(&self, publication: &Publication) -> Vec<Value> {
        // A provider that signs with the client secret publishes an RSA key.
        let (family, algorithm) = match Family::of(publication.algorithm) {
            Some(family) => (family, publication.algorithm),
            None => (Family::Rsa, Algorithm::Rs256),
        };
        let named = Publication {
            algorithm,
            ..*publication
        };
        let oldest = match publication.keeps_old_keys {
            true => 0,
            false => self.generation,
        };
        let generations = (oldest..=self.generation).rev();
        generations
            .filter_map(|generation| {
                let mut jwk = key(family, generation)?.jwk()?;
                jwk["use"] = "sig".into();
                jwk["alg"] = algorithm.name().into();
                if let Some(kid) = named.kid(generation) {
                    jwk["kid"] = json!(kid);
                }
                Some(jwk)
            })
            .collect()
    }
}

/// The key of this family and generation. It is the same in every provider of the process, because
/// making an RSA key takes long.
fn key(family: Family, generation: u32) -> Option<Arc<Key>> {
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(key) = made.get(&(family, generation)) {
        return Some(Arc::clone(key));
    }
    let key = Arc::new(Key::generate(family)?);
    made.insert((family, generation), Arc::clone(&key));
    Some(key)
}

/// The keys that were made so far. Each is made at its first use, because making one takes a moment
/// and most providers need few.
static MADE: LazyLock<Mutex<Made>> = LazyLock::new(Mutex::default);

type Made = HashMap<(Family, u32), Arc<Key>>;
