//! The layer's own paths, all below one prefix such as `/auth`.

use super::base_path::BasePath;
use crate::error::ConfigError;

/// The prefix of the layer's paths. Links have the path of the public URL in front of the prefix. A
/// proxy removes that path from requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prefix {
    /// The path of the public URL.
    base: BasePath,
    /// The prefix as browsers see it.
    whole: String,
}

impl Prefix {
    /// Checks the setting `prefix`. Only plain segments are allowed, because the prefix is compared
    /// byte for byte, and a path that can be written in two ways would miss the layer in one of
    /// them.
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

    /// The same prefix below a path of the public URL.
    pub(crate) fn below(self, base: BasePath) -> Self {
        Self {
            whole: base.of(self.inner()),
            base,
        }
    }

    /// The prefix in links and in the paths of cookies.
    pub(crate) fn as_str(&self) -> &str {
        &self.whole
    }

    /// The prefix in requests, from which a proxy removed the path of the public URL.
    pub(crate) fn inner(&self) -> &str {
        self.whole
            .strip_prefix(self.base.as_str())
            .unwrap_or(&self.whole)
    }

    /// The path of the public URL.
    pub(crate) fn base(&self) -> &BasePath {
        &self.base
    }

    /// The rest of a request's path behind the prefix. `None` if the path is not one of the
    /// layer's. Only a whole segment counts, so `/authors` is a path of the application.
    pub(crate) fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(self.inner())?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }

    /// The path that begins a sign-in.
    pub(crate) fn login(&self) -> String {
        format!("{}/login", self.whole)
    }

    /// The path of the sign-out.
    pub(crate) fn logout(&self) -> String {
        format!("{}/logout", self.whole)
    }

    /// The address to which a provider sends users back after its sign-out.
    pub(crate) fn logged_out(&self) -> String {
        format!("{}/logout/done", self.whole)
    }

    /// The page that offers a saved form.
    pub(crate) fn form(&self) -> String {
        format!("{}/form", self.whole)
    }

    /// The path that discards a saved form.
    pub(crate) fn discarded_form(&self) -> String {
        format!("{}/form/discard", self.whole)
    }

    /// The page of the phone step that asks for the number.
    pub(crate) fn phone(&self) -> String {
        format!("{}/phone", self.whole)
    }

    /// The page of the phone step that asks for the code.
    pub(crate) fn phone_code(&self) -> String {
        format!("{}/phone/code", self.whole)
    }

    /// The callback of a provider, which is registered in its console with the origin in front.
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
