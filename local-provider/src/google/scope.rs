//! Google's scopes.

/// The scope that stands for the phone number.
pub(crate) const PHONE: &str = "https://www.googleapis.com/auth/user.phonenumbers.read";
/// The scope that the short name `email` stands for.
pub(crate) const EMAIL: &str = "https://www.googleapis.com/auth/userinfo.email";
/// The scope that the short name `profile` stands for.
pub(crate) const PROFILE: &str = "https://www.googleapis.com/auth/userinfo.profile";
/// Every scope that this dialect knows.
pub(crate) const ALL: [&str; 4] = [EMAIL, PROFILE, "openid", PHONE];

/// The name by which Google answers for a scope. `None` for a scope that the dialect does not know.
pub(crate) fn canonical(word: &str) -> Option<&'static str> {
    match word {
        "email" => Some(EMAIL),
        "profile" => Some(PROFILE),
        _ => ALL.into_iter().find(|scope| *scope == word),
    }
}
