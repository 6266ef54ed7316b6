//! The user's profile at a provider.

use std::fmt;

use rlibphonenumber::Region;
use secrecy::SecretString;

use crate::{clock::UnixTime, phone::PhoneAssurance};

/// A user's profile as a [`ReadProfile`](crate::provider::ReadProfile) returns it. The layer checks
/// it afterwards: the subject's length, the phone number and its [`PhoneAssurance`].
///
/// ```
/// use tower_phone_auth::{phone::PhoneAssurance, provider::Profile};
///
/// let profile = Profile::new("1234", "010-1234-5678", PhoneAssurance::Asserted)
///     .phone_region("KR")
///     .name("김지우")
///     .email("jiwoo@example.com", true);
/// assert!(!format!("{profile:?}").contains("1234-5678"));
/// ```
pub struct Profile {
    /// The provider's identifier of the user, which never changes.
    pub(crate) subject: String,
    pub(crate) phone: PhoneClaim,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    /// When the user last authenticated at the provider, where the provider says so (`auth_time`).
    pub(crate) proved_at: Option<UnixTime>,
    /// When the provider issued the ID token, by the provider's clock (`iat`).
    pub(crate) issued_at: Option<UnixTime>,
    /// The provider's session (OpenID Connect `sid`), by which a logout token can end the session
    /// here.
    pub(crate) sid: Option<String>,
    /// The verified ID token, for `id_token_hint` at the provider's sign-out page.
    pub(crate) id_token: Option<SecretString>,
}

/// A phone number as the provider wrote it, not parsed yet.
pub(crate) struct PhoneClaim {
    pub(crate) raw: SecretString,
    /// The country of numbers without a country code.
    pub(crate) region: Option<Region>,
    pub(crate) assurance: PhoneAssurance,
    /// The reason for a low assurance, for the log.
    pub(crate) doubt: Option<&'static str>,
}

impl Profile {
    /// A profile with the three values that every sign-in needs: the provider's identifier of the
    /// user, which never changes; the phone number as the provider writes it; and how far the
    /// provider vouches for it.
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

    /// The country of a number without a country code, as ISO 3166-1 alpha-2 such as `KR`. Default:
    /// none, such numbers are refused. An unknown code counts as none.
    #[must_use]
    pub fn phone_region(mut self, region: &str) -> Self {
        self.phone.region = region.parse().ok();
        self
    }

    /// The name to show. Default: none.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The email address, and whether the provider verified that the user receives mail there.
    /// Default: none.
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
