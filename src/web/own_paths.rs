//! The paths that are the layer's own.

use super::base_path::BasePath;
use crate::error::ConfigError;

/// The start of them all, such as `/auth`. Links have the path of the public URL before it, which a proxy takes off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    base: BasePath,
    /// As browsers see it.
    whole: String,
}

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
            return Ok(Self {
                base: BasePath::root(),
                whole: text.to_owned(),
            });
        }
        let problem = format!("{text:?} cannot begin the layer's paths");
        let remedy =
            "give one or more segments of letters, digits, hyphens and underscores, as in /auth";
        Err(ConfigError::new("prefix", problem, remedy))
    }

    /// The same below a path of the public URL.
    pub(crate) fn below(self, base: BasePath) -> Self {
        Self {
            whole: base.of(self.inner()),
            base,
        }
    }

    /// As links and the paths of cookies have it.
    pub(crate) fn as_str(&self) -> &str {
        &self.whole
    }

    /// As requests have it, from which a proxy took the path of the public URL.
    pub(crate) fn inner(&self) -> &str {
        self.whole
            .strip_prefix(self.base.as_str())
            .unwrap_or(&self.whole)
    }

    pub(crate) fn base(&self) -> &BasePath {
        &self.base
    }

    /// The rest behind the prefix, if the path of a request is one of the layer's.
    pub(crate) fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(self.inner())?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }

    pub(crate) fn login(&self) -> String {
        format!("{}/login", self.whole)
    }

    pub(crate) fn logout(&self) -> String {
        format!("{}/logout", self.whole)
    }

    /// Where a provider sends people back to who signed out there.
    pub(crate) fn logged_out(&self) -> String {
        format!("{}/logout/done", self.whole)
    }

    /// The page that offers a saved form.
    pub(crate) fn form(&self) -> String {
        format!("{}/form", self.whole)
    }

    pub(crate) fn discarded_form(&self) -> String {
        format!("{}/form/discard", self.whole)
    }

    pub(crate) fn callback(&self, provider: &str) -> String {
        format!("{}/callback/{provider}", self.whole)
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
    fn links_have_the_path_of_the_public_url_and_requests_do_not() {
        let base = BasePath::parse("/shop").unwrap();
        let prefix = Prefix::parse("/auth").unwrap().below(base);
        assert_eq!(prefix.login(), "/shop/auth/login");
        assert_eq!(prefix.callback("kakao"), "/shop/auth/callback/kakao");
        assert_eq!(prefix.inner(), "/auth");
        assert_eq!(prefix.strip("/auth/login"), Some("/login"));
        assert_eq!(prefix.strip("/shop/auth/login"), None);
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
