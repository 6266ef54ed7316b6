//! The place of a connection between two calls.

use std::sync::{Mutex, PoisonError};

use super::server::Connection;

/// A connection between two calls, or one that is shared. Empty before the first call and after a
/// failure.
#[derive(Default)]
pub(super) struct Slot(Mutex<Option<Connection>>);

impl Slot {
    pub(super) fn put(&self, connection: Option<Connection>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = connection;
    }

    /// Takes the connection out, for one call alone.
    pub(super) fn take(&self) -> Option<Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// A clone that uses the same connection.
    pub(super) fn share(&self) -> Option<Connection> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
