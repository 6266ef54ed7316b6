//! What a client proves itself with.

use secrecy::{ExposeSecret, SecretString};

use crate::error::ConfigError;

/// Where the client's credentials go (RFC 6749 section 2.3.1): never into a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClientAuth {
    Basic,
    Body,
}

/// Credentials as they were given.
pub(super) struct Credentials<'a> {
    pub(super) provider: &'static str,
    pub(super) id: &'a str,
    pub(super) secret: Option<&'a SecretString>,
}

impl Credentials<'_> {
    /// Neither may be empty; `remedy` tells where the id is found.
    pub(super) fn check(&self, remedy: &str) -> Result<(), ConfigError> {
        let problem = format!("is empty for {}", self.provider);
        if self.id.trim().is_empty() {
            return Err(ConfigError::new("client_id", problem, remedy));
        }
        if self
            .secret
            .is_some_and(|secret| secret.expose_secret().is_empty())
        {
            let remedy = "give the secret, or use without_secret if the provider asks for none";
            return Err(ConfigError::new("client_secret", problem, remedy));
        }
        Ok(())
    }
}
