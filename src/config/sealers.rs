//! The sealers of a layer, one for each purpose of its cookies and of `state`.

use std::sync::Arc;

use crate::{
    error::ConfigError,
    seal::{Purpose, Sealer},
};

/// Each purpose has a key of its own, derived from the session key, so that a value of one purpose
/// does not open as another.
pub(crate) struct Sealers {
    /// Seals session cookies.
    pub(crate) session: Sealer,
    /// Seals pending and finished sign-ins.
    pub(crate) pending: Arc<Sealer>,
    /// Seals the part of a `state` that holds the return address.
    pub(crate) state: Sealer,
    /// Seals saved forms and their ends.
    pub(crate) form: Arc<Sealer>,
    /// Seals the cookies of sign-outs, with ID tokens among them.
    pub(crate) logout: Arc<Sealer>,
    /// Seals phone steps.
    pub(crate) phone_step: Arc<Sealer>,
}

impl Sealers {
    /// Makes all sealers by `sealer`, which derives the key of a purpose.
    pub(super) fn new(
        sealer: impl Fn(Purpose) -> Result<Sealer, ConfigError>,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            session: sealer(Purpose::Session)?,
            pending: sealer(Purpose::Pending)?.into(),
            state: sealer(Purpose::State)?,
            form: sealer(Purpose::Form)?.into(),
            logout: sealer(Purpose::Logout)?.into(),
            phone_step: sealer(Purpose::PhoneStep)?.into(),
        })
    }
}
