//! The setting `without_phone` of each provider.

use super::{
    Family, Identity, brand::Brand, google::Google, kakao::Kakao, naver::Naver, oidc::Oidc,
};

/// The help for the operator of an application to whom a provider gives no phone numbers.
pub(crate) struct NumberHelp {
    /// The change at the provider.
    pub(crate) remedy: &'static str,
    /// The setting that leaves the number out.
    pub(crate) alternative: &'static str,
}

impl Identity {
    /// The help for this provider.
    pub(crate) fn number_help(&self) -> NumberHelp {
        const KAKAO: &str = "switch the consent item phone_number on at developers.kakao.com, which needs a business app and a review";

        let (remedy, alternative) = match (self.family, self.brand) {
            (Family::Kakao, _) => (KAKAO, "Kakao::without_phone()"),
            (Family::OpenId, Brand::Kakao) => (KAKAO, "Oidc::without_phone()"),
            (Family::Naver, _) => (
                "select the mobile number among the items at developers.naver.com",
                "Naver::without_phone()",
            ),
            (Family::Google, _) => (
                "switch the People API on at console.cloud.google.com, and add its scope user.phonenumbers.read to the consent \
                 screen",
                "Google::without_phone()",
            ),
            (Family::OpenId, _) => (
                "let the provider give this client the phone scope or claim, or name them by Oidc::phone_scope and \
                 Oidc::phone_claim",
                "Oidc::without_phone()",
            ),
            (Family::Custom, _) => (
                "let the provider give this application phone numbers",
                "Profile::without_phone with PhoneNotOnAccount",
            ),
        };
        NumberHelp {
            remedy,
            alternative,
        }
    }
}

impl Kakao {
    /// Never asks Kakao for the phone number, and ignores one that comes. Users prove a number in
    /// the [phone step](crate::Builder::phone_step), without which
    /// [`Builder::build`](crate::Builder::build) refuses this setting. Default: the number of the
    /// account is read.
    ///
    /// For an application whose consent item *phone number* (카카오계정(전화번호)) is not permitted yet,
    /// because the item needs a business app and a review
    /// (<https://developers.kakao.com/docs/latest/en/kakaologin/prerequisite#consent-item>). A
    /// request for the item would end at Kakao's own page KOE205. Leave the item switched off in
    /// the console, because Kakao asks new users for all items that are on there.
    ///
    /// ```
    /// use tower_phone_auth::{
    ///     Kakao, OAuthLayer, SessionKey,
    ///     phone_step::{ConsoleSender, PhoneStep},
    /// };
    ///
    /// let auth = OAuthLayer::builder()
    ///     .public_url("http://127.0.0.1:3000")
    ///     .session_key(SessionKey::random())
    ///     .provider(Kakao::new("rest-api-key", "client-secret").without_phone())
    ///     .phone_step(PhoneStep::new(ConsoleSender::new()))
    ///     .build()?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    #[must_use]
    pub fn without_phone(mut self) -> Self {
        self.registration.without_phone = true;
        self
    }
}

impl Naver {
    /// Never asks Naver for the phone number, and ignores one that comes. Users prove a number in
    /// the [phone step](crate::Builder::phone_step), without which
    /// [`Builder::build`](crate::Builder::build) refuses this setting. Default: the number of the
    /// account is read, and consent to it is asked for once more if there is none.
    ///
    /// For an application that does not collect the mobile number (휴대전화번호) at Naver, where each
    /// item needs a reason that the review accepts
    /// (<https://developers.naver.com/docs/login/verify/verify.md>). Leave the item unselected in
    /// the console, because the console alone decides about the items that users are asked for.
    ///
    /// ```
    /// # use tower_phone_auth::Naver;
    /// let naver = Naver::new("client-id", "client-secret").without_phone();
    /// ```
    #[must_use]
    pub fn without_phone(mut self) -> Self {
        self.registration.without_phone = true;
        self
    }
}

impl Google {
    /// Never asks Google for the phone number: neither the scope of phone numbers is requested nor
    /// the People API called. Users prove a number in the
    /// [phone step](crate::Builder::phone_step), without which
    /// [`Builder::build`](crate::Builder::build) refuses this setting. Default: the number is
    /// requested and read.
    ///
    /// For an application without Google's verification, which the scope needs because it is
    /// sensitive
    /// (<https://developers.google.com/identity/protocols/oauth2/production-readiness/sensitive-scope-verification>).
    /// The scopes `openid`, `profile` and `email` need no verification, no warning page comes, and
    /// the People API may stay off.
    ///
    /// ```
    /// # use tower_phone_auth::Google;
    /// let google = Google::new("client-id", "client-secret").without_phone();
    /// ```
    #[must_use]
    pub fn without_phone(mut self) -> Self {
        self.registration.without_phone = true;
        self
    }
}

impl Oidc {
    /// Never asks the provider for the phone number, and ignores one that comes. Users prove a
    /// number in the [phone step](crate::Builder::phone_step), without which
    /// [`Builder::build`](crate::Builder::build) refuses this setting. Default: the number is
    /// requested and read.
    ///
    /// The request has neither the [phone scope](Self::phone_scope) nor the parameter `claims`
    /// ([Core section 5.4](https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims)), and
    /// userinfo is requested only with [`always_userinfo`](Self::always_userinfo). At Naver
    /// ([`Oidc::naver`]), this also holds for the profile API, so that name and email address come
    /// only with `always_userinfo`. A scope or [`claims_parameter(true)`](Self::claims_parameter)
    /// that asks for the number is refused by `build`.
    ///
    /// For a provider without phone numbers, or one that does not permit them to this client.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let staff = Oidc::new("https://id.example.com", "client-id", "client-secret").without_phone();
    /// ```
    #[must_use]
    pub fn without_phone(mut self) -> Self {
        self.registration.without_phone = true;
        self
    }
}
