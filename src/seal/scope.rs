//! The layer for which a value is sealed.

use crate::web::{origin::Origin, own_paths::Prefix};

/// The public URL and the prefix of a layer. They are part of every derived key, so a cookie of
/// another origin or another layer does not open, even with the same
/// [`SessionKey`](crate::SessionKey).
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    origin: String,
    prefix: String,
}

impl Scope {
    /// The origin is normalised: upper case, a default port and a trailing slash make no
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

    /// The parts are separated by NUL, which none of them can contain.
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
