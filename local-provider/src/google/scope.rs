/// The scope that stands for the phone number.
pub(crate) const PHONE: &str = "https://www.googleapis.com/auth/user.phonenumbers.read";
pub(crate) const EMAIL: &str = "https://www.googleapis.com/auth/userinfo.email";
pub(crate) const PROFILE: &str = "https://www.googleapis.com/auth/userinfo.profile";
pub(crate) const ALL: [&str; 4] = [EMAIL, PROFILE, "openid", PHONE];

/// The name by which Google answers for a scope, or none that it does not know.
pub(crate) fn canonical(word: &str) -> Option<&'static str> {
    match word {
        "email" => Some(EMAIL),
        "profile" => Some(PROFILE),
        _ => ALL.into_iter().find(|scope| *scope == word),
    }
}
