//! The log that the settings choose.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use super::log::RevocationLog;
use crate::error::ConfigError;

/// Opens a log at its address or path.
type Open = fn(&str) -> Result<Arc<dyn RevocationLog>, ConfigError>;

/// The log of a layer.
#[derive(Default)]
pub(crate) enum LogChoice {
    /// The layer keeps its revocations to itself.
    #[default]
    None,
    /// A log that the application made.
    Given(Arc<dyn RevocationLog>),
    /// A log that an environment variable names. It is opened when the layer is built, so that a
    /// rebuilt layer does not open it a second time.
    Named(NamedLog),
}

/// A log that an environment variable names.
pub(crate) struct NamedLog {
    variable: String,
    /// The address or the path, which may contain a password.
    place: SecretString,
    open: Open,
}

/// A log that is open, and its name.
pub(super) struct Opened {
    pub(super) log: Arc<dyn RevocationLog>,
    /// `None` for a log that the application made.
    pub(super) named: Option<NamedLog>,
}

impl NamedLog {
    /// The log at `place`, which `variable` contains.
    pub(crate) fn new(variable: String, place: String, open: Open) -> Self {
        let place = place.into();
        Self {
            variable,
            place,
            open,
        }
    }

    fn open(&self) -> Result<Arc<dyn RevocationLog>, ConfigError> {
        (self.open)(self.place.expose_secret()).map_err(|error| {
            let name = || self.variable.clone();
            error.in_variables(&[("redis_url", name()), ("revocation_file", name())])
        })
    }

    fn is_same(&self, other: &Self) -> bool {
        self.variable == other.variable && self.place.expose_secret() == other.place.expose_secret()
    }
}

impl LogChoice {
    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The log, and its name if a variable names it.
    ///
    /// # Errors
    /// If a named log cannot be opened.
    pub(super) fn open(self) -> Result<Option<Opened>, ConfigError> {
        Ok(match self {
            Self::None => None,
            Self::Given(log) => Some(Opened { log, named: None }),
            Self::Named(named) => Some(Opened {
                log: named.open()?,
                named: Some(named),
            }),
        })
    }

    /// Checks that a rebuilt layer keeps its log. `present` is the name of the present log.
    ///
    /// # Errors
    /// If another log is chosen, or one that cannot be compared.
    pub(super) fn check_same(&self, present: Option<&NamedLog>) -> Result<(), ConfigError> {
        match self {
            Self::None => Ok(()),
            Self::Named(named) if present.is_some_and(|present| named.is_same(present)) => Ok(()),
            Self::Named(named) => Err(ConfigError::new(
                named.variable.clone(),
                "names another log than that of the present layer",
                "keep the log, or restart the application with the new one",
            )),
            Self::Given(_) => Err(ConfigError::new(
                "revocation_log",
                "is given to a rebuilt layer, which keeps the log of the present one",
                "leave it out; another log needs a restart of the application",
            )),
        }
    }
}
