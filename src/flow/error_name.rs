//! Errors of a callback whose names no standard has (RFC 6749 appendix A.7 allows any visible text).

use crate::error::{LoginError, LoginErrorKind};

/// Longer names are not logged.
const LONGEST: usize = 64;
/// A name with so many digits may hold a phone number or a subject.
const DIGITS: usize = 7;

/// A refusal of the user, where the name says so; else one of the provider. The name is for the log alone.
pub(super) fn unregistered(name: &str) -> LoginError {
    let kind = if is_of_the_user(name) {
        LoginErrorKind::Cancelled
    } else {
        LoginErrorKind::ProviderRefused
    };
    if is_plain(name) {
        LoginError::with_foreign_name(kind, name.to_owned())
    } else {
        LoginError::new(kind)
    }
}

/// Such as `login request denied` (Hydra), `user_cancelled_authorize` (Apple, LinkedIn) and `authorization_declined`
/// (Microsoft).
fn is_of_the_user(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends_with = |words: &[&str]| words.iter().any(|word| name.trim_end().ends_with(word));
    name.contains("cancel")
        || ends_with(&["denied", "declined"])
        || name.contains("user") && ends_with(&["rejected", "refused", "aborted"])
}

fn is_plain(name: &str) -> bool {
    let is_of_names = |byte: u8| byte.is_ascii_alphanumeric() || b" _-.:".contains(&byte);
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    name.len() <= LONGEST && digits < DIGITS && name.bytes().all(is_of_names)
}
