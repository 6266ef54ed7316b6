//! Checks of settings.

use std::{error::Error, fmt};

/// The error of a setting of a sender that cannot work.
///
/// `Display` is one line, with the setting, the problem and the remedy. It has no secret.
///
/// ```
/// use tower_phone_auth_senders::Solapi;
///
/// let error = Solapi::new("key", "secret", "+82 2-1234-5678").unwrap_err();
/// assert_eq!(error.setting(), "from");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    setting: &'static str,
    problem: &'static str,
    remedy: &'static str,
}

impl SettingError {
    pub(crate) fn new(setting: &'static str, problem: &'static str, remedy: &'static str) -> Self {
        Self {
            setting,
            problem,
            remedy,
        }
    }

    /// The argument or the method, such as `from` or `endpoint_base`.
    #[must_use]
    pub fn setting(&self) -> &str {
        self.setting
    }

    /// The change that solves the problem.
    #[must_use]
    pub fn remedy(&self) -> &str {
        self.remedy
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            setting,
            problem,
            remedy,
        } = self;
        write!(f, "{setting}: {problem}; {remedy}")
    }
}

impl Error for SettingError {}

/// A key, an id or a secret: visible ASCII characters without spaces, which fit into a header.
pub(crate) fn visible(setting: &'static str, value: String) -> Result<String, SettingError> {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(value);
    }
    let problem = "is empty, or has white space or other characters than visible ASCII";
    let remedy = "copy the value from the console of the service without line breaks";
    Err(SettingError::new(setting, problem, remedy))
}

/// An id that is a part of a path: letters, digits, `-`, `_`, and the colons of SENS.
pub(crate) fn path_part(setting: &'static str, value: String) -> Result<String, SettingError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte);
    if !value.is_empty() && value.bytes().all(is_plain) && !value.starts_with('.') {
        return Ok(value);
    }
    let problem = "is empty, or has other characters than letters, digits, '-', '_', '.' and ':'";
    Err(SettingError::new(
        setting,
        problem,
        "copy the value from the console of the service",
    ))
}

/// A registered sender number: 8 to 11 digits. Hyphens are left out.
pub(crate) fn sender_number(value: &str) -> Result<String, SettingError> {
    let digits = value.replace('-', "");
    if (8..=11).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(digits);
    }
    let problem = "is not a number of 8 to 11 digits";
    let remedy = "give a registered sender number as it is written in Korea, such as 0212345678";
    Err(SettingError::new("from", problem, remedy))
}
