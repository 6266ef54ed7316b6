//! The variables of one reading, and the forms of their values.

use std::{cell::RefCell, env, fmt};

use crate::error::ConfigError;

/// The text of a variable by its name.
pub(super) type Source<'a> = Box<dyn Fn(&str) -> Option<String> + 'a>;

/// Variables with a prefix before each name.
pub(super) struct Lookup<'a> {
    pub(super) source: Source<'a>,
    pub(super) prefix: String,
    /// The first variable whose bytes were no text.
    pub(super) garbled: RefCell<Option<String>>,
}

/// Shows the prefix. The values contain secrets.
impl fmt::Debug for Lookup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// A variable of the process. Bytes that are no text are replaced. The value then does not count as
/// missing, and is refused.
pub(super) fn of_process(name: &str) -> Option<String> {
    Some(env::var_os(name)?.to_string_lossy().into_owned())
}

impl Lookup<'_> {
    /// The name of a variable with the prefix.
    pub(super) fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// The value of a variable. An empty one counts as not set.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let value = (self.source)(&self.name(name)).filter(|value| !value.is_empty())?;
        if value.contains(char::REPLACEMENT_CHARACTER) {
            let mut garbled = self.garbled.borrow_mut();
            garbled.get_or_insert_with(|| self.name(name));
        }
        Some(value)
    }

    /// Refuses a variable that is not UTF-8, if its reader did not.
    pub(super) fn check_bytes(&self) -> Result<(), ConfigError> {
        match self.garbled.take() {
            Some(name) => Err(ConfigError::new(
                name,
                "is not UTF-8",
                "set it to text in UTF-8",
            )),
            None => Ok(()),
        }
    }

    /// The error of a variable. The problem follows its name.
    pub(super) fn wrong(&self, name: &str, problem: &str, remedy: &str) -> ConfigError {
        ConfigError::new(self.name(name), problem, remedy)
    }

    /// The value of a variable that is required.
    pub(super) fn required(&self, name: &str, remedy: &str) -> Result<String, ConfigError> {
        self.text(name)
            .ok_or_else(|| self.wrong(name, "is not set", remedy))
    }

    /// A variable that is `1` or left out.
    pub(super) fn is_set(&self, name: &str) -> Result<bool, ConfigError> {
        match self.text(name).as_deref() {
            None => Ok(false),
            Some("1") => Ok(true),
            Some(other) => {
                let remedy = "give 1, or leave it out";
                Err(self.wrong(name, &format!("{other:?} is not known"), remedy))
            }
        }
    }

    /// A variable that is `on`, `off` or left out.
    pub(super) fn switch(&self, name: &str) -> Result<Option<bool>, ConfigError> {
        match self.text(name).as_deref() {
            None => Ok(None),
            Some("on") => Ok(Some(true)),
            Some("off") => Ok(Some(false)),
            Some(other) => {
                let remedy = "give on or off, or leave it out";
                Err(self.wrong(name, &format!("{other:?} is not known"), remedy))
            }
        }
    }
}
