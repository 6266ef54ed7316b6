//! Settings for reading the phone number out of the provider's claims.

use super::{Oidc, UserinfoUse};
use crate::phone::PhoneAssurance;

impl Oidc {
    /// The country, as ISO 3166-1 alpha-2 such as `KR`, of numbers without a country code. Default:
    /// none, and such numbers are refused.
    ///
    /// ```
    /// use tower_phone_auth::Oidc;
    ///
    /// let oidc = Oidc::new("https://login.example.com", "client-id", "client-secret")
    ///     .phone_region("KR");
    /// ```
    #[must_use]
    pub fn phone_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Accepts the text `"true"` as true in `phone_number_verified` and `email_verified`, as AWS
    /// Cognito sends it. Default: off.
    ///
    /// ```
    /// use tower_phone_auth::Oidc;
    ///
    /// let oidc = Oidc::new("https://login.example.com", "client-id", "client-secret")
    ///     .accept_string_booleans();
    /// ```
    #[must_use]
    pub fn accept_string_booleans(mut self) -> Self {
        self.claim_rules.string_booleans = true;
        self
    }

    /// The claim that holds the phone number. The name is taken literally, so a dot or a slash is
    /// part of it. Default: `phone_number` ([Core section
    /// 5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims)).
    ///
    /// The claim that says whether the number is verified stays `phone_number_verified`.
    /// [`phone_scope`](Self::phone_scope) sets the scope that makes the provider send the claim.
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

    /// Rates a number without `phone_number_verified` as [`Asserted`](PhoneAssurance::Asserted).
    /// Default: off, it is [`Unverified`](PhoneAssurance::Unverified).
    ///
    /// This setting is for a directory that holds only checked numbers and sends no flag, because
    /// Core section 5.1 leaves the means of verification to the parties. A flag that is sent still
    /// counts: `true` means verified, null counts as no flag, and any other value means not
    /// verified.
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

    /// Reads numbers that have a country code and no plus sign, such as `821012345678`. Default:
    /// off, such numbers are refused. A number with a plus sign is still read.
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

    /// Never requests userinfo, so that the ID token must hold all claims. Default: userinfo is
    /// requested if the ID token lacks the phone number, or the claim that says whether the number
    /// is verified.
    ///
    /// This setting is for a provider whose userinfo endpoint refuses the access token (AD FS,
    /// Entra ID with a scope of another API) or is slow.
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

    /// Requests userinfo at every sign-in, even if the ID token has the phone number and its flag.
    /// Default: see [`without_userinfo`](Self::without_userinfo).
    ///
    /// This setting is for an application that needs a name or an email address which only userinfo
    /// has. A userinfo request that fails then refuses the sign-in, and so do metadata without
    /// `userinfo_endpoint`.
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
