//! The place for which something is sealed.

use crate::web::{origin::Origin, own_paths::Prefix};

/// The public URL and the prefix of one layer: they are part of every derived key, so that a cookie of another origin or
/// of another layer does not open, also under the same [`SessionKey`](crate::SessionKey).
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    origin: String,
    prefix: String,
}

impl Scope {
    /// The origin as it was parsed: upper case, a default port and a trailing slash make no difference.
    pub(crate) fn new(origin: &Origin, prefix: &Prefix) -> Self {
        Self {
            origin: prefix.base().of_origin(origin.as_str()),
            prefix: prefix.inner().to_owned(),
        }
    }

    /// The same public URL, whatever the prefix.
    pub(super) fn without_prefix(&self) -> Self {
        Self {
            origin: self.origin.clone(),
            prefix: String::new(),
        }
    }

    /// Unambiguous, since neither part can contain a NUL.
    pub(super) fn salt(&self, label: &[u8]) -> Vec<u8> {
        let parts = [label, self.origin.as_bytes(), self.prefix.as_bytes()];
        parts.join(&0)
    }
}

#[cfg(test)]
impl Scope {
    pub(crate) fn for_tests() -> Self {
        Self {
            origin: "https://shop.example.com".to_owned(),
            prefix: "/auth".to_owned(),
        }
    }
}
