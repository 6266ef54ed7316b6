//! A layer that is rebuilt with other settings goes on with the revocations of the present one.

use std::{
    sync::{Arc, PoisonError, atomic::Ordering},
    time::Duration,
};

use super::{
    Revocations, Shared,
    log_state::{LogState, Policy},
    settings::Settings,
};
use crate::{error::ConfigError, observe::Observer, seal::Sealer};

/// The values of the layer that was built last. The task that follows the log uses them.
pub(super) struct Current {
    /// Seals and opens the entries of the log.
    pub(super) sealer: Sealer,
    /// Events of the application.
    pub(super) observer: Observer,
}

impl Current {
    pub(super) fn new(sealer: Sealer, observer: Observer) -> Self {
        Self { sealer, observer }
    }
}

impl Shared {
    /// The values of the layer that was built last. Requests of signed-in users do not come here.
    pub(super) fn current(&self) -> Arc<Current> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&current)
    }
}

impl Revocations {
    /// The same revocations for a layer with other settings. Nothing changes for the present layer
    /// before [`adopt`](Self::adopt).
    ///
    /// # Errors
    /// If a setting differs that the revocations depend on. The error names it.
    pub(crate) fn continued(
        &self,
        settings: Settings,
        sealer: Sealer,
        life: Duration,
    ) -> Result<Self, ConfigError> {
        check_equal("session_lifetime", &self.shared.life, &life)?;
        let log_state = self.shared.log_state.as_ref();
        settings
            .log
            .check_same(log_state.and_then(|log_state| log_state.named.as_ref()))?;
        if let Some(LogState { policy, .. }) = log_state {
            let new = Policy::of(&settings);
            check_equal("max_revocation_lag", &policy.max_lag, &new.max_lag)?;
            check_equal("when_stale", &policy.when_stale, &new.when_stale)?;
            // One task reads the log for both layers. Without the present key it would not learn
            // of sessions that other replicas end under that key, and the present layer accepts
            // them.
            if !sealer.opens_those_of(&self.shared.current().sealer) {
                let problem =
                    "does not have the present key, which entries of the log are sealed with";
                let remedy = "add the present key with SessionKey::and, or restart the application with the new one";
                return Err(ConfigError::new("session_key", problem, remedy));
            }
        }
        Ok(Self {
            shared: Arc::clone(&self.shared),
            own: Arc::new(Current::new(sealer, settings.observer)),
        })
    }

    /// Puts the keys and the observer of this layer into effect, when the layer is complete. The
    /// log is read again, because the new keys may open entries that the former ones did not.
    pub(crate) fn adopt(&self) {
        let current = &self.shared.current;
        *current.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&self.own);
        if let Some(log_state) = &self.shared.log_state {
            log_state.rereads.store(true, Ordering::Release);
        }
    }

    /// Whether one of the two layers was rebuilt from the other.
    pub(crate) fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

/// The error of a setting that a rebuilt layer must keep.
fn check_equal<T: PartialEq + std::fmt::Debug>(
    setting: &'static str,
    present: &T,
    new: &T,
) -> Result<(), ConfigError> {
    if present == new {
        return Ok(());
    }
    let problem = format!("{new:?} differs from {present:?} of the present layer");
    let remedy = "keep the value, or restart the application with the new one";
    Err(ConfigError::new(setting, problem, remedy))
}
