//! The `iss` of the callback.

/// The `iss` of the callback (RFC 9207). The metadata announce whether callbacks have one; the last
/// three values contradict the announcement or the issuer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackIss {
    /// No `iss`, and none is announced.
    #[default]
    Off,
    /// The right `iss`, as announced.
    On,
    /// Another `iss`, though the right one is announced.
    Other(String),
    /// No `iss`, though one is announced.
    Missing,
    /// The right `iss`, though none is announced.
    Unannounced,
}

impl CallbackIss {
    /// Whether the metadata say that callbacks have an `iss`.
    pub(crate) fn is_announced(&self) -> bool {
        matches!(self, Self::On | Self::Other(_) | Self::Missing)
    }

    /// The `iss` of callbacks, if they have one. `right` is the issuer.
    pub(crate) fn sent(&self, right: &str) -> Option<String> {
        match self {
            Self::Off | Self::Missing => None,
            Self::On | Self::Unannounced => Some(right.to_owned()),
            Self::Other(other) => Some(other.clone()),
        }
    }
}
