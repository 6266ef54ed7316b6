//! A key set (RFC 7517 section 5) as data. `keys.rs` fetches and caches it.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::Value;

use super::{
    algorithm::Algorithm,
    describe,
    key::{Entry, Key},
    refusal::{Refusal, Why},
};
use crate::error::{LoginErrorKind, Mismatch, ProviderError};

/// The most keys that are tried with one token, so that a hostile key set costs limited time. Real
/// sets have fewer than ten.
const MOST_TRIES: usize = 64;

/// The usable keys of a set, with a fingerprint that reveals changes.
#[derive(Default)]
pub(crate) struct KeySet {
    /// In the order of the set.
    keys: Vec<Key>,
    /// The ids of Ed448 keys, which are refused by name.
    ed448: Vec<Option<String>>,
    /// The ids of ignored entries, so that the log can say that a key exists and is not accepted.
    unusable: Vec<Option<String>>,
    /// See [`fingerprint`].
    print: [u8; 32],
}

impl KeySet {
    /// Reads a key set. Unknown types, curves and uses are ignored, as RFC 7517 section 5 requires,
    /// and so are broken keys. A set may have no usable key at all. An error if there is no list of
    /// keys.
    pub(super) fn parse(document: &Value) -> Result<Self, ProviderError> {
        let entries = document["keys"].as_array();
        let entries = entries.ok_or_else(|| {
            let found = describe::kind(document.get("keys"));
            let mismatch = Mismatch::new("keys: a list", found);
            ProviderError::new(LoginErrorKind::Misconfigured).differing(mismatch)
        })?;
        let mut set = Self {
            print: fingerprint(entries),
            ..Self::default()
        };
        for entry in entries.iter().map(Entry::parse) {
            match entry {
                Entry::Usable(key) => set.keys.push(key),
                Entry::Ed448(id) => set.ed448.push(id),
                Entry::Other(id) => set.unusable.push(id),
            }
        }
        Ok(set)
    }

    /// The client secret as the only key, for providers that sign with HMAC.
    pub(crate) fn of_secret(secret: &[u8]) -> Self {
        Self {
            keys: vec![Key::of_secret(secret)],
            ..Self::default()
        }
    }

    /// The usable keys.
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The number of usable keys.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether both sets have the same entries.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.print == other.print
    }

    /// Verifies a signature. The candidates are the keys with the token's `kid`, then keys without
    /// a `kid`. Each must fit the algorithm. A refusal because of the key may pass with newer keys.
    pub(super) fn verify(
        &self,
        id: Option<&str>,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Refusal> {
        let is_secret = algorithm == Algorithm::Hs256;
        let is_named = |key: &&Key| id.is_some() && key.id.as_deref() == id;
        // A key without `kid` may have made any signature. A key with another `kid` did not make
        // it.
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
        // A provider may call Ed448 `EdDSA` as well. The refusal then names the curve instead of a
        // wrong signature.
        let is_ed448 = |known: &Option<String>| known.is_some() && known.as_deref() == id;
        if algorithm == Algorithm::Ed25519 && self.ed448.iter().any(is_ed448) {
            let mismatch = Mismatch::new("a key of Ed25519", "a key of Ed448");
            return Err(Refusal::new(Why::Algorithm("Ed448"), mismatch));
        }
        Err(Refusal::new(Why::Key, self.mismatch(id, algorithm)))
    }

    /// The reason why no key verified the token, as far as ids and key types show it. For the log.
    fn mismatch(&self, id: Option<&str>, algorithm: Algorithm) -> Mismatch {
        let of_key = format!("a signature by a key of {}", algorithm.name());
        let Some(id) = id else {
            return Mismatch::new(
                &of_key,
                &format!("no kid, and none of {} keys made it", self.keys.len()),
            );
        };
        let named: Vec<&Key> = self
            .keys
            .iter()
            .filter(|key| key.id.as_deref() == Some(id))
            .collect();
        if named.iter().any(|key| key.fits(algorithm)) {
            return Mismatch::new(&of_key, &format!("the key {id} did not make it"));
        }
        if let Some(key) = named.first() {
            return Mismatch::new(&of_key, &format!("the key {id} is of {}", key.kind()));
        }
        if self
            .unusable
            .iter()
            .any(|known| known.as_deref() == Some(id))
        {
            let found = format!("the key {id} is of a use, kind or curve that is not accepted");
            return Mismatch::new(&of_key, &found);
        }
        Mismatch::new(
            &self.listed(),
            &format!("kid {id}, which the key set lacks"),
        )
    }

    /// The reason why a set without usable keys verifies nothing. For the log.
    pub(super) fn without_keys(&self) -> Mismatch {
        let found = match self.unusable.len() + self.ed448.len() {
            0 => "no keys".to_owned(),
            count => format!("{count} keys of a use, kind or curve that is not accepted"),
        };
        Mismatch::new("a key that verifies signatures", &found)
    }

    /// The number of keys and the ids of some, for the log.
    fn listed(&self) -> String {
        const MOST: usize = 8;

        let ids = self.keys.iter().filter_map(|key| key.id.as_deref());
        let ids: Vec<&str> = ids.take(MOST).collect();
        match (self.keys.len(), ids.as_slice()) {
            (count, []) => format!("one of {count} keys, without ids"),
            (count, ids) => format!("one of {count} keys: {}", ids.join(", ")),
        }
    }
}

/// A hash of the entries, independent of their order, because some servers list them in a random
/// order.
fn fingerprint(keys: &[Value]) -> [u8; 32] {
    let mut texts: Vec<String> = keys.iter().map(Value::to_string).collect();
    texts.sort_unstable();
    let hash = digest(&SHA256, texts.concat().as_bytes());
    hash.as_ref().first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_set_is_the_same_in_another_order_and_not_with_another_entry() {
        let set = |ids: &[&str]| {
            let keys: Vec<_> = ids.iter().map(|id| json!({ "kid": id })).collect();
            KeySet::parse(&json!({ "keys": keys })).unwrap()
        };
        let old = set(&["a", "b"]);
        for (ids, is_same) in [
            (&["b", "a"][..], true),
            (&["a", "c"], false),
            (&["a"], false),
            (&["a", "b", "b"], false),
            (&[], false),
        ] {
            assert_eq!(old.is_same_as(&set(ids)), is_same, "{ids:?}");
        }
    }

    #[test]
    fn a_key_of_ed448_is_named_by_tokens_with_its_id_alone() {
        let set = |id: Value| {
            let key = json!({ "kty": "OKP", "crv": "Ed448", "kid": id, "x": "AA" });
            KeySet::parse(&json!({ "keys": [key] })).unwrap()
        };
        for (of_key, of_token, algorithm, is_of_curve) in [
            (json!("old"), Some("old"), Algorithm::Ed25519, true),
            (json!("old"), Some("old"), Algorithm::Es256, false),
            (json!("old"), Some("new"), Algorithm::Ed25519, false),
            (json!("old"), None, Algorithm::Ed25519, false),
            (json!(null), Some("new"), Algorithm::Ed25519, false),
            (json!(null), None, Algorithm::Ed25519, false),
        ] {
            let refusal = set(of_key.clone()).verify(of_token, algorithm, b"message", &[7; 64]);
            let why = refusal.unwrap_err().why;
            let expected = if is_of_curve {
                Why::Algorithm("Ed448")
            } else {
                Why::Key
            };
            assert_eq!(why, expected, "{of_key}, {of_token:?}, {algorithm:?}");
        }
    }
}
