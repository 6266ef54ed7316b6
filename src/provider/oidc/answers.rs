//! How the answers of the provider are read.

use super::{Oidc, UserinfoUse};
use crate::phone::PhoneAssurance;

impl Oidc {
    /// The country, as in `KR`, of numbers that are written without one. Default: none, such numbers
    /// are refused.
    #[must_use]
    pub fn phone_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Takes the text `"true"` for true in `phone_number_verified` and `email_verified`. Default: off.
    #[must_use]
    pub fn accept_string_booleans(mut self) -> Self {
        self.claim_rules.string_booleans = true;
        self
    }

    /// The claim that holds the phone number, taken literally: a dot or a slash in it is a part of the name. Default:
    /// `phone_number` ([Core section 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)).
    ///
    /// The claim that says whether it is verified stays `phone_number_verified`. The scope that makes the provider send the
    /// claim is [`phone_scope`](Self::phone_scope).
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let staff = Oidc::new("https://id.example.com", "client-id", "client-secret")
    ///     .phone_claim("https://example.com/mobile");
    /// ```
    #[must_use]
    pub fn phone_claim(mut self, name: impl Into<String>) -> Self {
        self.claim_rules.claim = name.into().into();
        self
    }

    /// A number without `phone_number_verified` counts as [`Asserted`](PhoneAssurance::Asserted). Default: as
    /// [`Unverified`](PhoneAssurance::Unverified).
    ///
    /// For a directory that holds checked numbers alone and sends no flag (Core section 5.1 leaves the means of verification to
    /// the parties). A flag that is there still counts: `true` is verified, null is no flag, and anything else is false.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let staff = Oidc::new("https://id.example.com", "client-id", "client-secret").phone_asserted();
    /// ```
    #[must_use]
    pub fn phone_asserted(mut self) -> Self {
        self.claim_rules.without_flag = PhoneAssurance::Asserted;
        self
    }

    /// Numbers come with their country code and without the plus sign, as in `821012345678`. Default: off, such numbers are
    /// refused. A number with its plus sign is still read.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let staff = Oidc::new("https://id.example.com", "client-id", "client-secret").phone_without_plus();
    /// ```
    #[must_use]
    pub fn phone_without_plus(mut self) -> Self {
        self.claim_rules.lacks_plus = true;
        self
    }

    /// Never asks userinfo: the ID token says everything. Default: userinfo is asked where the ID token lacks the phone number,
    /// or the claim that says whether it is verified.
    ///
    /// For a provider whose userinfo refuses the access token (AD FS, Entra ID with a scope of another API) or is slow.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let staff = Oidc::new("https://id.example.com", "client-id", "client-secret").without_userinfo();
    /// ```
    #[must_use]
    pub fn without_userinfo(mut self) -> Self {
        self.userinfo = UserinfoUse::Never;
        self
    }

    /// Refreshed userinfo at every sign-in, also where the ID token has the phone number and its flag. Default: see
    /// [`without_userinfo`](Self::without_userinfo).
    ///
    /// For an application that wants a name or an email address which userinfo alone has. Userinfo must then answer: its
    /// failure refuses the sign-in, and so do metadata without `userinfo_endpoint`.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let staff = Oidc::new("https://id.example.com", "client-id", "client-secret")
    ///     .scope("profile")
    ///     .always_userinfo();
    /// ```
    #[must_use]
    pub fn always_userinfo(mut self) -> Self {
        self.userinfo = UserinfoUse::Always;
        self
    }
}
