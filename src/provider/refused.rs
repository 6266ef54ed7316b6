//! A sign-in that the provider answered, and that came to nothing.

use secrecy::SecretString;

use crate::error::LoginError;

pub(crate) struct Refused {
    pub(crate) error: LoginError,
    /// The verified ID token of the user, by which the session at the provider can be ended.
    pub(crate) id_token: Option<SecretString>,
}

impl From<LoginError> for Refused {
    fn from(error: LoginError) -> Self {
        Self {
            error,
            id_token: None,
        }
    }
}
