//! The error of a setting.

use std::{borrow::Cow, error::Error, fmt};

/// The error of a setting that is missing or cannot work.
///
/// The message names the setting, its value unless that is a secret, and the remedy. `Debug` shows
/// the same message, because a `main` that returns an error prints it by `Debug`.
///
/// ```
/// use tower_phone_auth::OAuthLayer;
///
/// let error = OAuthLayer::builder().public_url("http://shop.example.com").build().unwrap_err();
/// assert_eq!(error.setting(), "public_url");
/// assert!(error.to_string().contains("https://shop.example.com"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// A method of the builder, an environment variable, the path of a file, or `index_key`.
    setting: Cow<'static, str>,
    /// The value and the reason why it cannot work. Never a secret.
    problem: String,
    /// The change that solves the problem, as an imperative.
    remedy: String,
}

impl ConfigError {
    /// The error of a setting, for a sender or a provider that an application writes. The three
    /// parts become one line, so they have no full stop. None of them may have a secret.
    ///
    /// ```
    /// use tower_phone_auth::ConfigError;
    ///
    /// let error = ConfigError::new("api_key", "is empty", "copy it from the console");
    /// assert_eq!(error.to_string(), "api_key: is empty; copy it from the console");
    /// ```
    pub fn new(
        setting: impl Into<Cow<'static, str>>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            setting: setting.into(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// The same error in the terms of environment variables. Each pair is a name in code and the
    /// variable that it was read from. A call such as `allow_insecure_http()` is replaced in the
    /// remedy.
    pub(crate) fn in_variables(mut self, names: &[(&'static str, String)]) -> Self {
        for (name, variable) in names {
            if name.ends_with("()") {
                self.remedy = self.remedy.replace(name, variable);
            } else if self.setting == *name {
                self.setting = variable.clone().into();
            }
        }
        self
    }

    /// The name of the setting: a method of the builder, the environment variable or the path of
    /// the file that it was read from, or `index_key`.
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// let auth = OAuthLayer::new(kakao, "http://shop.example.com", SessionKey::random());
    /// let error = auth.unwrap_err();
    /// assert_eq!(error.setting(), "public_url");
    /// ```
    #[must_use]
    pub fn setting(&self) -> &str {
        &self.setting
    }

    /// The change that solves the problem.
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let kakao = Kakao::new("rest-api-key", "client-secret");
    /// let auth = OAuthLayer::new(kakao, "http://shop.example.com", SessionKey::random());
    /// let error = auth.unwrap_err();
    /// assert!(error.remedy().contains("https"));
    /// ```
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            setting,
            problem,
            remedy,
        } = self;
        write!(f, "{setting}: {problem}; {remedy}")
    }
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for ConfigError {}
