//! The error of a sign-in that this crate refused after the provider's response.

use secrecy::SecretString;

use crate::error::ProviderError;

/// The error of a sign-in. The refusal page can offer another account. For that it first ends the
/// session at the provider, which needs the ID token.
pub(crate) struct Refused {
    pub(crate) error: ProviderError,
    /// The verified ID token of the user. `None` if the sign-in failed before the profile was read,
    /// or if the provider's client keeps no ID tokens.
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
