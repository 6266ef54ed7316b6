//! A sign-in that the provider answered and this crate refused.

use secrecy::SecretString;

use crate::error::ProviderError;

/// The error of a sign-in. With the ID token the refusal page can offer another account: it first
/// ends the session at the provider.
pub(crate) struct Refused {
    pub(crate) error: ProviderError,
    /// The verified ID token of the user, if the sign-in got so far.
    pub(crate) id_token: Option<SecretString>,
}

impl From<ProviderError> for Refused {
    fn from(error: ProviderError) -> Self {
        Self {
            error,
            id_token: None,
        }
    }
}
