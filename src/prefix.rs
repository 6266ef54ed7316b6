//! The paths that are the layer's own.

use crate::error::ConfigError;

/// What they all begin with, such as `/auth`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prefix(String);

impl Prefix {
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let plain = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        let parts = text
            .strip_prefix('/')
            .map(|rest| rest.split('/').all(plain));
        if parts == Some(true) {
            return Ok(Self(text.to_owned()));
        }
        let problem = format!("{text:?} cannot begin the layer's paths");
        let remedy =
            "give one or more segments of letters, digits, hyphens and underscores, as in /auth";
        Err(ConfigError::new("prefix", problem, remedy))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the prefix, if `path` is one of the layer's.
    pub(crate) fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(&self.0)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }

    pub(crate) fn login(&self) -> String {
        format!("{}/login", self.0)
    }

    pub(crate) fn logout(&self) -> String {
        format!("{}/logout", self.0)
    }

    /// Where a provider sends people back to who signed out there.
    pub(crate) fn logged_out(&self) -> String {
        format!("{}/logout/done", self.0)
    }

    /// The page that offers a saved form.
    pub(crate) fn form(&self) -> String {
        format!("{}/form", self.0)
    }

    pub(crate) fn discarded_form(&self) -> String {
        format!("{}/form/discard", self.0)
    }

    pub(crate) fn callback(&self, provider: &str) -> String {
        format!("{}/callback/{provider}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_segments_are_stripped_and_no_parts_of_them() {
        let prefix = Prefix::parse("/auth").unwrap();
        assert_eq!(prefix.strip("/auth/login"), Some("/login"));
        assert_eq!(prefix.strip("/auth"), Some(""));
        assert_eq!(prefix.strip("/authors"), None);
    }

    #[test]
    fn odd_prefixes_are_refused() {
        assert!(Prefix::parse("/shop/auth_2").is_ok());
        for text in [
            "", "/", "auth", "/auth/", "//auth", "/a b", "/../auth", "/인증", "/a?b",
        ] {
            let error = Prefix::parse(text).unwrap_err();
            assert!(error.to_string().contains("as in /auth"), "{error}");
        }
    }
}
