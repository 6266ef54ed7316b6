//! The user's profile at a provider.

use std::fmt;

use rlibphonenumber::Region;
use secrecy::SecretString;

use super::claims::ProviderClaims;
use crate::{
    clock::UnixTime,
    error::{FailedCall, LoginErrorKind, ProviderError},
    phone::PhoneAssurance,
};

/// A user's profile as a [`ReadProfile`](crate::provider::ReadProfile) returns it. The layer then
/// checks the length of the subject, the phone number and its [`PhoneAssurance`].
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
    /// The phone number, or the reason why there is none. Without a phone step, every sign-in needs
    /// one.
    pub(crate) phone: Result<PhoneClaim, ProviderError>,
    /// The name to show. Never used to identify the user.
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    /// Whether the provider verified that the user receives mail at `email`.
    pub(crate) email_verified: bool,
    /// The time of the user's last authentication at the provider, if the provider states it
    /// (`auth_time`). Routes with `max_age` need it.
    pub(crate) proved_at: Option<UnixTime>,
    /// The time at which the provider issued the ID token, by the provider's clock (`iat`). A
    /// logout token ends only sessions with an ID token that is not newer.
    pub(crate) issued_at: Option<UnixTime>,
    /// The identifier of the session at the provider (OpenID Connect `sid`). A logout token can
    /// name it to end the session here.
    pub(crate) sid: Option<String>,
    /// The verified ID token, for `id_token_hint` at the provider's sign-out page.
    pub(crate) id_token: Option<SecretString>,
    /// All that the provider said, for the application's hook.
    pub(crate) claims: ProviderClaims,
}

/// A phone number as the provider wrote it, not parsed yet.
pub(crate) struct PhoneClaim {
    /// The number in the provider's notation. It is secret, so that `Debug` does not show it.
    pub(crate) raw: SecretString,
    /// The country of numbers without a country code. `None` refuses such numbers.
    pub(crate) region: Option<Region>,
    /// How far the provider vouches for the number.
    pub(crate) assurance: PhoneAssurance,
    /// The reason for a low assurance, for the log.
    pub(crate) doubt: Option<&'static str>,
}

impl Profile {
    /// A profile with the three values that every sign-in needs: the provider's identifier of the
    /// user, which never changes; the phone number in the provider's notation; and the assurance
    /// that the provider gives for the number.
    ///
    /// ```
    /// use tower_phone_auth::{phone::PhoneAssurance, provider::Profile};
    ///
    /// let profile = Profile::new("42", "+82 10-1234-5678", PhoneAssurance::Asserted);
    /// ```
    pub fn new(
        subject: impl Into<String>,
        phone: impl Into<String>,
        assurance: PhoneAssurance,
    ) -> Self {
        Self {
            subject: subject.into(),
            phone: Ok(PhoneClaim {
                raw: phone.into().into(),
                region: None,
                assurance,
                doubt: None,
            }),
            name: None,
            email: None,
            email_verified: false,
            proved_at: None,
            issued_at: None,
            sid: None,
            id_token: None,
            claims: ProviderClaims::default(),
        }
    }

    /// A profile without a phone number, with the reason. With
    /// [`Builder::phone_step`](crate::Builder::phone_step) the user proves one, and is refused for
    /// this reason otherwise. After
    /// [`PhoneNotShared`](crate::error::LoginErrorKind::PhoneNotShared), the provider is asked once
    /// more.
    ///
    /// ```
    /// use tower_phone_auth::{error::LoginErrorKind, provider::Profile};
    ///
    /// let profile = Profile::without_phone("1234", LoginErrorKind::PhoneNotOnAccount);
    /// ```
    pub fn without_phone(subject: impl Into<String>, reason: LoginErrorKind) -> Self {
        Self {
            phone: Err(ProviderError::new(reason)),
            ..Self::new(subject, "", PhoneAssurance::Unverified)
        }
    }

    /// The country of a number without a country code, as ISO 3166-1 alpha-2 such as `KR`. Default:
    /// none, such numbers are refused. An unknown code counts as none.
    ///
    /// ```
    /// use tower_phone_auth::{phone::PhoneAssurance, provider::Profile};
    ///
    /// let profile = Profile::new("42", "010-1234-5678", PhoneAssurance::Asserted)
    ///     .phone_region("KR");
    /// ```
    #[must_use]
    pub fn phone_region(mut self, region: &str) -> Self {
        if let Ok(phone) = &mut self.phone {
            phone.region = region.parse().ok();
        }
        self
    }

    /// The name to show. Default: none.
    ///
    /// ```
    /// use tower_phone_auth::{phone::PhoneAssurance, provider::Profile};
    ///
    /// let profile = Profile::new("42", "+82 10-1234-5678", PhoneAssurance::Asserted).name("김지우");
    /// ```
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The email address, and whether the provider verified that the user receives mail there.
    /// Default: none.
    ///
    /// ```
    /// use tower_phone_auth::{phone::PhoneAssurance, provider::Profile};
    ///
    /// let profile = Profile::new("42", "+82 10-1234-5678", PhoneAssurance::Asserted)
    ///     .email("jiwoo@example.com", true);
    /// ```
    #[must_use]
    pub fn email(mut self, address: impl Into<String>, verified: bool) -> Self {
        self.email = Some(address.into());
        self.email_verified = verified;
        self
    }
}

impl Profile {
    /// The profile without its number, which the provider was not asked for.
    pub(crate) fn without_number(self) -> Self {
        Self {
            phone: Err(ProviderError::new(LoginErrorKind::PhoneNotOnAccount)),
            ..self
        }
    }

    /// Adds the call to the reason of a missing number, for the log.
    pub(crate) fn in_call(self, call: FailedCall) -> Self {
        Self {
            phone: self.phone.map_err(|error| error.in_call(call)),
            ..self
        }
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile")
            .field("phone", &self.phone.as_ref().map(|phone| phone.assurance))
            .finish_non_exhaustive()
    }
}
