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

/// A setting without white space around it and without control characters. No id, secret or address has any (RFC 6749 appendix
/// A), and a file or `echo` adds a line break that the provider would refuse at each sign-in. The text itself is not shown.
pub(super) fn check_text(setting: &'static str, text: &str) -> Result<(), ConfigError> {
    check_text_for(setting, text, "")
}

/// The same, with the provider's name in the message, as several may have such a setting.
fn check_text_for(setting: &'static str, text: &str, provider: &str) -> Result<(), ConfigError> {
    // The last two are no white space to Unicode, and invisible: editors add them to files and copied text.
    let is_blank = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}');
    let problem = if text.ends_with(is_blank) {
        "ends in white space"
    } else if text.starts_with(is_blank) {
        "begins with white space"
    } else if text.contains(char::is_control) {
        "contains a control character, such as a line break"
    } else {
        return Ok(());
    };
    let remedy = "remove it: files and `echo` end in a line break, `printf '%s'` adds none";
    let of = if provider.is_empty() { "" } else { " for " };
    let problem = format!("{problem}{of}{provider}");
    Err(ConfigError::new(setting, problem, remedy))
}

impl Credentials<'_> {
    /// Neither may be empty, or have white space around it; `remedy` tells where the id is found.
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
        check_text_for("client_id", self.id, self.provider)?;
        if let Some(secret) = self.secret {
            check_text_for("client_secret", secret.expose_secret(), self.provider)?;
        }
        Ok(())
    }
}
