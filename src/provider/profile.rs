//! Who signed in, as a provider tells it.

use std::fmt;

use rlibphonenumber::Region;
use secrecy::SecretString;

use crate::{clock::UnixTime, phone::PhoneAssurance};

/// A person as a [`ReadProfile`](crate::ReadProfile) reads them: claimed, and not yet judged.
///
/// ```
/// use tower_phone_auth::{PhoneAssurance, Profile};
///
/// let profile = Profile::new("1234", "010-1234-5678", PhoneAssurance::Asserted)
///     .phone_region("KR")
///     .name("김지우")
///     .email("jiwoo@example.com", true);
/// assert!(!format!("{profile:?}").contains("1234-5678"));
/// ```
pub struct Profile {
    pub(crate) subject: String,
    pub(crate) phone: PhoneClaim,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    /// When the person proved it to the provider, where the provider says so.
    pub(crate) proved_at: Option<UnixTime>,
    /// When the provider made the ID token, by its own clock.
    pub(crate) issued_at: Option<UnixTime>,
    /// The session at the provider (OpenID Connect `sid`), by which it can be ended from there.
    pub(crate) sid: Option<String>,
    /// The verified ID token, which names the session to the provider's sign-out.
    pub(crate) id_token: Option<SecretString>,
}

/// A phone number as the provider wrote it.
pub(crate) struct PhoneClaim {
    pub(crate) raw: SecretString,
    /// The country of numbers that are written without one.
    pub(crate) region: Option<Region>,
    pub(crate) assurance: PhoneAssurance,
    /// Why it is not worth more, for the log.
    pub(crate) doubt: Option<&'static str>,
}

impl Profile {
    /// The provider's never changing identifier of the person, the phone number as it is written
    /// there, and how far the provider vouches for it.
    pub fn new(
        subject: impl Into<String>,
        phone: impl Into<String>,
        assurance: PhoneAssurance,
    ) -> Self {
        Self {
            subject: subject.into(),
            phone: PhoneClaim {
                raw: phone.into().into(),
                region: None,
                assurance,
                doubt: None,
            },
            name: None,
            email: None,
            email_verified: false,
            proved_at: None,
            issued_at: None,
            sid: None,
            id_token: None,
        }
    }

    /// The country, as in `KR`, if the number is written without one. An unknown country is none.
    #[must_use]
    pub fn phone_region(mut self, region: &str) -> Self {
        self.phone.region = region.parse().ok();
        self
    }

    /// A name to show.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// An email address, and whether the provider verified it.
    #[must_use]
    pub fn email(mut self, address: impl Into<String>, verified: bool) -> Self {
        self.email = Some(address.into());
        self.email_verified = verified;
        self
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("phone_assurance", &self.phone.assurance)
            .finish_non_exhaustive()
    }
}
