//! Checks of settings.

use tower_phone_auth::ConfigError;

/// A key, an id or a secret: visible ASCII characters without spaces, which fit into a header.
pub(crate) fn visible(setting: &'static str, value: String) -> Result<String, ConfigError> {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(value);
    }
    let problem = "is empty, or has white space or other characters than visible ASCII";
    let remedy = "copy the value from the console of the service without line breaks";
    Err(ConfigError::new(setting, problem, remedy))
}

/// An id that is a part of a path: letters, digits, `-`, `_`, and the colons of SENS.
pub(crate) fn path_part(setting: &'static str, value: String) -> Result<String, ConfigError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte);
    if !value.is_empty() && value.bytes().all(is_plain) && !value.starts_with('.') {
        return Ok(value);
    }
    let problem = "is empty, or has other characters than letters, digits, '-', '_', '.' and ':'";
    Err(ConfigError::new(
        setting,
        problem,
        "copy the value from the console of the service",
    ))
}

/// A registered sender number: 8 to 11 digits. Hyphens are left out.
pub(crate) fn sender_number(value: &str) -> Result<String, ConfigError> {
    let digits = value.replace('-', "");
    if (8..=11).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(digits);
    }
    let problem = "is not a number of 8 to 11 digits";
    let remedy = "give a registered sender number as it is written in Korea, such as 0212345678";
    Err(ConfigError::new("from", problem, remedy))
}
