//! Presets for providers of consumer accounts.

use crate::{
    phone::PhoneAssurance,
    provider::{
        Title,
        brand::Brand,
        oidc::{Oidc, ProfileAt, Signing},
    },
};

impl Oidc {
    /// Kakao Login with OpenID Connect switched on (카카오 로그인, `OpenID Connect 활성화`).
    ///
    /// The phone number comes from userinfo, under Kakao's own scope `phone_number`. Kakao states
    /// for each number that it is verified. In the console, set the app up as for
    /// [`Kakao`](crate::Kakao), with OpenID Connect on.
    ///
    /// | at Kakao | reported here |
    /// |---|---|
    /// | a user signs out of Kakao | no |
    /// | a user unlinks the application, or closes the account | by a security event (1) |
    /// | an account is disabled, a password is changed | by a security event, if Kakao sends one |
    ///
    /// (1) This preset accepts security events that Kakao signs. Only [`Kakao`](crate::Kakao)
    /// receives the unlink webhook.
    ///
    /// For events that are not reported, set a
    /// [`session_lifetime`](crate::Builder::session_lifetime) that you can accept, or
    /// [`recheck_after`](crate::Builder::recheck_after).
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let kakao = Oidc::kakao("rest-api-key", "client-secret");
    /// ```
    pub fn kakao(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        let mut kakao = Self::new("https://kauth.kakao.com", client_id, client_secret)
            .named("kakao")
            .with_title(Title::Brand("Kakao"))
            .phone_scope("phone_number")
            .phone_region("KR")
            .client_secret_post();
        kakao.registration.brand = Brand::Kakao;
        kakao
    }

    /// Naver Login with OpenID Connect, at the endpoints below `/oauth2/`.
    ///
    /// Set the application up as for [`Naver`](crate::Naver). The subject is the ID token's, which
    /// differs from the id of the classic endpoints for the same user. Choose one of the two for
    /// good. Naver documents no nonce. A nonce that comes back must be right. Without one, state
    /// and PKCE bind the code. The number is [`Asserted`](PhoneAssurance::Asserted).
    ///
    /// | at the provider | reported here |
    /// |---|---|
    /// | a user signs out, or is signed out by an administrator | no |
    /// | a user is disabled or deleted, or gets a new password | no |
    ///
    /// Naver does not report sign-outs, and its unlink notice goes to [`Naver`](crate::Naver). Set
    /// a [`session_lifetime`](crate::Builder::session_lifetime) that you can accept. Naver has no
    /// request without a page, so rechecks do not work.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let naver = Oidc::naver("client-id", "client-secret");
    /// ```
    pub fn naver(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        let mut naver = Self::new("https://nid.naver.com", client_id, client_secret)
            .named("naver")
            .with_title(Title::Brand("NAVER"))
            .phone_scope("")
            .client_secret_post();
        naver.registration.brand = Brand::Naver;
        naver.profile = ProfileAt::Naver;
        naver
    }

    /// LINE Login with LINE Profile+ (for corporations that applied for it).
    ///
    /// Console (<https://developers.line.biz>): a LINE Login channel for web apps, with the
    /// permission `phone`. ID tokens of web channels are signed with the channel secret (HS256). No
    /// response says that a number is verified, so it is
    /// [`Unverified`](PhoneAssurance::Unverified).
    ///
    /// | at the provider | reported here |
    /// |---|---|
    /// | a user signs out, or is signed out by an administrator | no |
    /// | a user is disabled or deleted, or gets a new password | no |
    ///
    /// LINE's public documentation has no back-channel logout. Set
    /// [`session_lifetime`](crate::Builder::session_lifetime), or
    /// [`recheck_after`](crate::Builder::recheck_after) if the provider accepts `prompt=none`.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let line = Oidc::line("channel-id", "channel-secret");
    /// ```
    pub fn line(channel_id: impl Into<String>, channel_secret: impl Into<String>) -> Self {
        let mut line = Self::new("https://access.line.me", channel_id, channel_secret)
            .named("line")
            .with_title(Title::Brand("LINE"))
            .scope("profile")
            .client_secret_post();
        line.signing = Signing::ClientSecret;
        line.registration.brand = Brand::Line;
        line
    }

    /// Vipps and `MobilePay` Login (Norway, Denmark, Finland).
    ///
    /// Console (<https://portal.vippsmobilepay.com>): switch Login on for the sales unit, and
    /// register the redirect URI. Numbers have no plus sign; their scope is `phoneNumber`.
    ///
    /// | at the provider | reported here |
    /// |---|---|
    /// | a user signs out, or is signed out by an administrator | no |
    /// | a user is disabled or deleted, or gets a new password | no |
    ///
    /// The public documentation of Vipps MobilePay has no back-channel logout. Set
    /// [`session_lifetime`](crate::Builder::session_lifetime), or
    /// [`recheck_after`](crate::Builder::recheck_after) if the provider accepts `prompt=none`.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let vipps = Oidc::vipps("client-id", "client-secret");
    /// ```
    pub fn vipps(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        let issuer = "https://api.vipps.no/access-management-1.0/access/";
        let mut vipps = Self::new(issuer, client_id, client_secret)
            .named("vipps")
            .with_title(Title::Brand("Vipps MobilePay"))
            .phone_scope("phoneNumber")
            .scope("name");
        vipps.claim_rules.lacks_plus = true;
        vipps
    }

    /// Telegram Login. The client id is the bot's id. The secret is that of the login, not the bot
    /// token.
    ///
    /// Only the ID token has the number. The documentation
    /// (<https://core.telegram.org/bots/telegram-login>) vouches for it, so it is
    /// [`Asserted`](PhoneAssurance::Asserted).
    ///
    /// | at the provider | reported here |
    /// |---|---|
    /// | a user signs out, or is signed out by an administrator | no |
    /// | a user is disabled or deleted, or gets a new password | no |
    ///
    /// Telegram's public documentation has no back-channel logout. Set
    /// [`session_lifetime`](crate::Builder::session_lifetime), or
    /// [`recheck_after`](crate::Builder::recheck_after) if the provider accepts `prompt=none`.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let telegram = Oidc::telegram("123456789", "client-secret");
    /// ```
    pub fn telegram(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        let mut telegram = Self::new("https://oauth.telegram.org", client_id, client_secret)
            .named("telegram")
            .with_title(Title::Brand("Telegram"))
            .scope("profile")
            .client_secret_basic();
        telegram.claim_rules.without_flag = PhoneAssurance::Asserted;
        telegram.claim_rules.lacks_plus = true;
        telegram
    }
}
