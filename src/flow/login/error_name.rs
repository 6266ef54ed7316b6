//! The names of errors at a callback.
//!
//! RFC 6749 appendix A.7 allows any visible text, and any site can send it. A name from the
//! standards decides the page. Any other is only sorted into "the user cancelled" and "the
//! provider refused", and logged if it is short and holds no number that could be personal data.
//!
//! | name | refusal |
//! |---|---|
//! | `access_denied`, and names that say that the user refused | cancelled by the user |
//! | `server_error`, `temporarily_unavailable` | the provider is busy |
//! | `invalid_request`, `invalid_scope`, `unauthorized_client` and the like | a wrong setting |
//! | `login_required` and the like | the provider refused; a second try may show its page |
//! | any other | the provider refused |

use super::callback_query::EXPIRED;
use crate::error::{LoginError, LoginErrorKind};

/// The longest name that is logged. Registered names are much shorter.
const LONGEST: usize = 64;
/// A name with this many digits may hold a phone number or a subject, and is not logged.
const DIGITS: usize = 7;

/// The provider was not allowed to show a page, and needs one (OpenID Connect Core section
/// 3.1.2.6).
const NEEDS_PAGE: [&str; 4] = [
    "login_required",
    "consent_required",
    "interaction_required",
    "account_selection_required",
];

/// Whether the provider can sign the user in by a page. A check without a page (`prompt=none`) gets
/// these names for an ordinary reason, such as a provider's session that has ended.
pub(crate) fn needs_page(code: Option<&str>) -> bool {
    code.is_some_and(|code| NEEDS_PAGE.contains(&code))
}

/// The refusal for an error's name (RFC 6749 section 4.1.2.1, OpenID Connect Core section
/// 3.1.2.6). Only names in this table are shown to users.
pub(crate) fn refused(error: &str) -> LoginError {
    const KNOWN: [(&str, LoginErrorKind); 12] = [
        ("access_denied", LoginErrorKind::Cancelled),
        ("server_error", LoginErrorKind::ProviderBusy),
        ("temporarily_unavailable", LoginErrorKind::ProviderBusy),
        ("unauthorized_client", LoginErrorKind::Misconfigured),
        ("invalid_scope", LoginErrorKind::Misconfigured),
        ("invalid_request", LoginErrorKind::Misconfigured),
        ("unsupported_response_type", LoginErrorKind::Misconfigured),
        ("misconfigured", LoginErrorKind::Misconfigured),
        (NEEDS_PAGE[0], LoginErrorKind::ProviderRefused),
        (NEEDS_PAGE[1], LoginErrorKind::ProviderRefused),
        (NEEDS_PAGE[2], LoginErrorKind::ProviderRefused),
        (NEEDS_PAGE[3], LoginErrorKind::ProviderRefused),
    ];
    match KNOWN.iter().find(|(name, _)| *name == error) {
        Some((name, kind)) => LoginError::with_code(*kind, *name),
        None => unregistered(error),
    }
}

/// The refusal for an expired page of Keycloak. Keycloak sends it as a description of
/// `temporarily_unavailable`, so no error's name is taken for it.
pub(crate) fn expired() -> LoginError {
    LoginError::with_code(LoginErrorKind::CodeRejected, EXPIRED)
}

/// Whether a refusal is the one for an expired page.
pub(crate) fn is_expired(kind: LoginErrorKind, code: Option<&str>) -> bool {
    kind == LoginErrorKind::CodeRejected && code == Some(EXPIRED)
}

/// The refusal for a name that no standard has, which is for the log alone. The page does not show
/// it, because any site can write it into a link.
fn unregistered(name: &str) -> LoginError {
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

/// Whether a name says that the user refused, such as `login request denied` (Hydra),
/// `user_cancelled_authorize` (Apple, LinkedIn) and `authorization_declined` (Microsoft).
fn is_of_the_user(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends_with = |words: &[&str]| words.iter().any(|word| name.trim_end().ends_with(word));
    name.contains("cancel")
        || ends_with(&["denied", "declined"])
        || name.contains("user") && ends_with(&["rejected", "refused", "aborted"])
}

/// Whether a name can be logged. Other characters could forge a line of the log or reverse its
/// text.
fn is_plain(name: &str) -> bool {
    let is_of_names = |byte: u8| byte.is_ascii_alphanumeric() || b" _-.:".contains(&byte);
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    name.len() <= LONGEST && digits < DIGITS && name.bytes().all(is_of_names)
}
