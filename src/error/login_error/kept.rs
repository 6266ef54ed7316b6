//! A refusal in a sealed cookie, so that a reload shows the same cause and reference.
//!
//! The callback consumes its code, so a reload of a refused callback would otherwise show another
//! cause than the first answer did.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{LoginError, Reference};
use crate::{
    error::{Denied, LoginErrorKind as K, details::Details},
    language::{Accepted, Text},
};

/// All causes. The cookie has the index of a cause, so a new cause goes to the end. A cookie of
/// another version would otherwise name another cause.
const KINDS: [K; 33] = [
    K::MalformedCallback,
    K::UnknownState,
    K::IssuerMismatch,
    K::Cancelled,
    K::ProviderRefused,
    K::CodeRejected,
    K::Misconfigured,
    K::RateLimited,
    K::ProviderBusy,
    K::ProviderUnavailable,
    K::ProviderTimeout,
    K::InvalidAnswer,
    K::IdTokenRejected,
    K::TokenRejected,
    K::AccountRefused,
    K::OtherAccount,
    K::PhoneNotShared,
    K::PhoneNotConfigured,
    K::PhoneNotOnAccount,
    K::Preregistered,
    K::PhoneInvalid,
    K::PhoneNotVerified,
    K::Unproved,
    K::Loop,
    K::Misdirected,
    K::Denied,
    K::ApplicationBusy,
    K::NoCookies,
    K::OtherWindow,
    K::OtherHost,
    K::LoginExpired,
    K::ClaimsUnfit,
    K::PhoneNotConfirmed,
];

/// The parts of a refusal that the page shows. The parts for the log are left out, because the line
/// of the log was written with the first answer.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KeptError {
    kind: u8,
    code: Option<String>,
    is_foreign_name: bool,
    /// The language and the text of the application's reason.
    denied: Option<(String, String)>,
    retry_after: Option<Duration>,
    reference: String,
    by_browser: bool,
}

impl KeptError {
    /// The parts of this error. The application's reason is kept in the language of the user alone,
    /// because a cookie has no place for all. `None` only if the kind is missing in [`KINDS`].
    pub(crate) fn of(error: &LoginError, accepted: &Accepted<'_>) -> Option<Self> {
        let kind = KINDS.iter().position(|kind| *kind == error.kind())?;
        let denied = error.denied.as_deref();
        let said = denied.map(|denied| denied.text().written(accepted));
        Some(Self {
            kind: kind.try_into().ok()?,
            code: error.code().map(str::to_owned),
            is_foreign_name: error.details.is_foreign_name,
            denied: said.map(|said| (said.tag.to_owned(), said.text.to_owned())),
            retry_after: error.retry_after(),
            reference: error.reference.0.clone(),
            by_browser: error.by_browser,
        })
    }

    /// The refusal, with its first reference. `None` if the index is unknown, as in a cookie of a
    /// newer version.
    pub(crate) fn error(self) -> Option<LoginError> {
        let denied = self.denied;
        Some(LoginError {
            details: Details {
                kind: *KINDS.get(usize::from(self.kind))?,
                code: self.code.map(Into::into),
                is_foreign_name: self.is_foreign_name,
                retry_after: self.retry_after,
                // The failed call and the subject are for the log only. The first answer wrote it.
                call: None,
            },
            denied: denied.map(|(tag, text)| Box::new(Denied::new(Text::new(tag, text)))),
            reference: Reference(self.reference),
            subject: None,
            by_browser: self.by_browser,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_comes_back_with_its_code_and_reference() {
        for kind in KINDS {
            let error = LoginError::with_code(kind, "KOE320");
            let kept = KeptError::of(&error, &Accepted::only("en")).unwrap();
            let kept = postcard::to_allocvec(&kept).unwrap();
            let kept: KeptError = postcard::from_bytes(&kept).unwrap();
            assert_eq!(kept.error().unwrap(), error);
        }
    }

    #[test]
    fn the_words_of_the_application_come_back_in_the_language_of_the_user() {
        let text = Text::en("Members only.").ko("회원만 이용할 수 있습니다.");
        let error = LoginError::denied(Denied::new(text));
        for (language, tag) in [("en", "en"), ("ko-KR", "ko"), ("ja", "en")] {
            let kept = KeptError::of(&error, &Accepted::only(language)).unwrap();
            let back = kept.error().unwrap();
            assert_eq!(back.reference, error.reference);
            let text = error.denial().unwrap().text();
            let expected = Text::new(tag, text.in_language(tag).to_owned());
            assert_eq!(back.denial(), Some(&Denied::new(expected)));
        }
    }
}
