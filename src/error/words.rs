//! The cause of a refusal in words, for the log.
//!
//! The kind alone is coarse. Its words are replaced where the code or the call says more.

use super::{LoginErrorKind, details::Details};

impl Details {
    /// The cause in words, which say more than the kind if the code or the call is known.
    pub(super) fn words(&self) -> &'static str {
        let code = self.code.as_deref().unwrap_or_default();
        let has_no_answer = self
            .call
            .as_deref()
            .is_some_and(|call| call.status.is_none());
        match self.kind {
            LoginErrorKind::IssuerMismatch if code == "iss_missing" => {
                "the callback has no iss, which the provider's metadata announce"
            }
            LoginErrorKind::Misconfigured if self.is_of_metadata_elsewhere() => {
                "the provider's metadata are not at the address that the settings name"
            }
            LoginErrorKind::IdTokenRejected if code.starts_with("userinfo") => {
                "the provider's userinfo is not valid"
            }
            LoginErrorKind::ApplicationBusy if has_no_answer => "the application could not decide",
            LoginErrorKind::ProviderUnavailable if has_no_answer => "the provider gave no answer",
            kind => kind.words(),
        }
    }

    /// Whether reading the metadata failed. Their address comes from the settings only, so the
    /// settings are wrong.
    fn is_of_metadata_elsewhere(&self) -> bool {
        self.code.is_none()
            && self
                .call
                .as_deref()
                .is_some_and(|call| call.call == Some("metadata"))
    }
}
