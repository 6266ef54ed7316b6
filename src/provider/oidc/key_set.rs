//! A provider's key set (RFC 7517 section 5), as data.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::Value;

use super::{
    super::answer,
    algorithm::Algorithm,
    id_token::Refusal,
    key::{Entry, Key},
};
use crate::error::{LoginError, LoginErrorKind};

/// So many keys are tried with one token: a hostile set shall not cost more.
const MOST_TRIES: usize = 64;

/// The usable keys of a set, with a hash by which a change is noticed.
#[derive(Default)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
    /// The ids of keys that are refused by name.
    ed448: Vec<Option<String>>,
    print: [u8; 32],
}

impl KeySet {
    /// Keys of kinds, curves and uses that are not known here are passed over, as they must be, and so are broken ones.
    pub(super) fn parse(text: &[u8]) -> Result<Self, LoginError> {
        let document: Value = answer::parse(text)?;
        let entries = document["keys"].as_array();
        let entries = entries.ok_or_else(|| LoginError::new(LoginErrorKind::InvalidAnswer))?;
        let mut set = Self {
            print: fingerprint(entries),
            ..Self::default()
        };
        for entry in entries.iter().map(Entry::parse) {
            match entry {
                Entry::Usable(key) => set.keys.push(key),
                Entry::Ed448(id) => set.ed448.push(id),
                Entry::Other => {}
            }
        }
        Ok(set)
    }

    /// The one key of a client secret, for providers that sign with HMAC.
    pub(crate) fn of_secret(secret: &[u8]) -> Self {
        Self {
            keys: vec![Key::of_secret(secret)],
            ..Self::default()
        }
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.print == other.print
    }

    /// Whether one of the keys that may have signed did: by id where the token names one, by algorithm always.
    pub(super) fn verify(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Refusal> {
        let is_secret = algorithm == Algorithm::Hs256;
        let is_named = |key: &&Key| id.is_some() && key.id.as_deref() == id;
        let is_unnamed = |key: &&Key| is_secret || id.is_none() || key.id.is_none();
        let named = self.keys.iter().filter(is_named);
        let unnamed = self.keys.iter().filter(|key| !is_named(key));
        let mut candidates = named
            .chain(unnamed.filter(is_unnamed))
            .filter(|key| key.fits(algorithm))
            .take(MOST_TRIES);
        if candidates.any(|key| key.verifies(algorithm, message, signature)) {
            return Ok(());
        }
        let is_ed448 = |known: &Option<String>| known.is_some() && known.as_deref() == id;
        if algorithm == Algorithm::Ed25519 && self.ed448.iter().any(is_ed448) {
            return Err(Refusal::Algorithm("Ed448"));
        }
        Err(Refusal::Key)
    }
}

/// The same for the same keys in any order.
fn fingerprint(keys: &[Value]) -> [u8; 32] {
    let mut texts: Vec<String> = keys.iter().map(Value::to_string).collect();
    texts.sort_unstable();
    let hash = digest(&SHA256, texts.concat().as_bytes());
    hash.as_ref().first_chunk().copied().unwrap_or_default()
}
