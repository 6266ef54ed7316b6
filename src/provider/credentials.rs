//! Client id and client secret, and the checks that find typing errors in them before the first
//! sign-in.

use secrecy::{ExposeSecret, SecretString};

use crate::error::ConfigError;

/// The part of a request that holds the client credentials (RFC 6749 section 2.3.1). A URL is not
/// among them, because URLs end up in logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClientAuth {
    /// In the `Authorization` header (`client_secret_basic`).
    Basic,
    /// In the form (`client_secret_post`).
    Body,
}

/// The credentials of the settings.
pub(super) struct Credentials<'a> {
    /// The provider in the texts of errors.
    pub(super) provider: &'static str,
    pub(super) id: &'a str,
    /// `None` for a client without a secret.
    pub(super) secret: Option<&'a SecretString>,
}

/// Refuses a setting with leading or trailing white space, or with control characters. RFC 6749
/// appendix A permits no control character in an id or a secret, and no provider issues one with
/// white space around it. Files and `echo` add a line break, with which the provider would refuse
/// every sign-in. The error does not show the value.
pub(super) fn check_text(setting: &'static str, text: &str) -> Result<(), ConfigError> {
    check_text_for(setting, text, "")
}

/// As [`check_text`], with the provider's name in the error, because several providers have
/// settings of the same name.
fn check_text_for(setting: &'static str, text: &str, provider: &str) -> Result<(), ConfigError> {
    // Unicode does not count the zero-width space and the byte order mark as white space. They are
    // invisible, and editors add them to files and to copied text.
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
    /// Refuses an empty id or secret, and what [`check_text`] refuses in both. `remedy` says where
    /// the id is found.
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
        // An empty id is reported above, with the place where the right one is found.
        check_text_for("client_id", self.id, self.provider)?;
        if let Some(secret) = self.secret {
            check_text_for("client_secret", secret.expose_secret(), self.provider)?;
        }
        Ok(())
    }
}
