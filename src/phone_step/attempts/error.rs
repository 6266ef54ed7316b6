//! The error of a store.

use std::{error::Error, fmt};

/// The error of a store that cannot be asked, or is full. The request is answered with 503. The
/// text is for the log.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StoreError(String);

impl StoreError {
    /// An error with the problem and its remedy.
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The store has no place for a further step.
    pub(super) fn full() -> Self {
        Self::new("the store holds as many phone steps as it can; most messages were refused")
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for StoreError {}
