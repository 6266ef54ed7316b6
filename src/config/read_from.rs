//! The environment variables of a builder, for its errors.

use std::time::Duration;

use crate::{error::ConfigError, seal::key::SessionKey};

/// The setting whose value depends on other settings, so that `build` checks it.
const RECHECK: &str = "recheck_after";
/// The setting that may need a phone step, which no variable gives.
const ASSURANCE: &str = "minimum_assurance";

/// The variables that `Builder::from_env` read.
#[derive(Debug)]
pub(crate) struct ReadFrom {
    /// Stands before the name of every variable.
    pub(crate) prefix: String,
    /// The value of `RECHECK_AFTER`.
    pub(crate) recheck: Option<Duration>,
}

impl ReadFrom {
    /// The error of a required setting that neither a variable nor the application gave.
    pub(crate) fn missing(
        &self,
        public_url: Option<&str>,
        key: Option<&SessionKey>,
        without_provider: bool,
    ) -> Result<(), ConfigError> {
        let missing = |name, remedy: &str| Err(self.not_set(name, remedy));
        if public_url.is_none() {
            let remedy = "give the address as the browser sees it, as in https://shop.example.com";
            return missing("PUBLIC_URL", remedy);
        }
        if without_provider {
            let remedy = "give kakao, naver, google or oidc, or several of them with commas";
            return missing("OAUTH_PROVIDER", remedy);
        }
        if key.is_none() {
            return missing("SESSION_KEY", &SessionKey::remedy());
        }
        Ok(())
    }

    /// An error of `build`. `recheck` is the value that the layer would have: if the application
    /// gave another one in code, the variable is not at fault.
    pub(crate) fn named(&self, error: ConfigError, recheck: Option<Duration>) -> ConfigError {
        let mut names = vec![(ASSURANCE, format!("{}PHONE_POLICY", self.prefix))];
        if self.recheck.is_some() && self.recheck == recheck {
            names.push((RECHECK, format!("{}RECHECK_AFTER", self.prefix)));
        }
        error.in_variables(&names)
    }

    fn not_set(&self, name: &str, remedy: &str) -> ConfigError {
        ConfigError::new(format!("{}{name}", self.prefix), "is not set", remedy)
    }
}
