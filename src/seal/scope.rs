//! The layer for which a value is sealed.
//!
//! One application may have several layers, and several applications may share a key by mistake.
//! Neither must accept the cookies of another.

use crate::web::{origin::Origin, own_paths::Prefix};

/// The public URL and the prefix of a layer. Both are part of every derived key, so a cookie of
/// another origin or another layer does not open, even with the same
/// [`SessionKey`](crate::SessionKey).
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    /// The origin with the path of the public URL.
    origin: String,
    /// The prefix below that path. Empty in the scope of all layers.
    prefix: String,
}

impl Scope {
    /// The origin is normalised, so upper case, a default port and a trailing slash make no
    /// difference.
    pub(crate) fn new(origin: &Origin, prefix: &Prefix) -> Self {
        Self {
            origin: prefix.base().of_origin(origin.as_str()),
            prefix: prefix.inner().to_owned(),
        }
    }

    /// The scope of all layers with this public URL.
    pub(super) fn without_prefix(&self) -> Self {
        Self {
            origin: self.origin.clone(),
            prefix: String::new(),
        }
    }

    /// The salt of the keys of one purpose. The parts are separated by NUL, which none of them can
    /// contain, so no two scopes have the same salt.
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
