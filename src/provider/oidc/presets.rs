//! Presets: [`Oidc`] with the values of a known provider. Each is data alone; everything in it can
//! be set through the public settings or is a field of `Oidc`.

use super::{Oidc, ProfileAt, Signing};
use crate::{phone::PhoneAssurance, provider::brand::Brand};

impl Oidc {
    /// Kakao Login with OpenID Connect switched on (카카오 로그인, `OpenID Connect 활성화`).
    ///
    /// The phone number comes from userinfo, under Kakao's own scope `phone_number`. Kakao states
    /// for each number that it is verified. Console: as for [`Kakao`](crate::Kakao), with OpenID
    /// Connect on.
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
            .titled("Sign in with Kakao", "카카오로 로그인")
            .phone_scope("phone_number")
            .phone_region("KR")
            .client_secret_post();
        kakao.brand = Brand::Kakao;
        kakao
    }

    /// Naver Login with OpenID Connect, at the endpoints below `/oauth2/`.
    ///
    /// Console: as for [`Naver`](crate::Naver). The subject is the ID token's, which differs from
    /// the id of the classic endpoints for the same user: choose one of the two for good. Naver
    /// documents no nonce. A nonce that comes back must be right; without one, state and PKCE bind
    /// the code. The number is [`Asserted`](PhoneAssurance::Asserted).
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
            .titled("Sign in with NAVER", "네이버로 로그인")
            .phone_scope("")
            .client_secret_post();
        naver.brand = Brand::Naver;
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
            .titled("Sign in with LINE", "LINE으로 로그인")
            .scope("profile")
            .client_secret_post();
        line.signing = Signing::ClientSecret;
        line.brand = Brand::Line;
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
            .titled("Sign in with Vipps MobilePay", "Vipps MobilePay로 로그인")
            .phone_scope("phoneNumber")
            .scope("name");
        vipps.claim_rules.lacks_plus = true;
        vipps
    }

    /// An AWS Cognito user pool, by its region and id, such as `("ap-northeast-2",
    /// "ap-northeast-2_Ab12")`.
    ///
    /// Console: an app client with the authorization code grant and the scopes `openid` and
    /// `phone`, in a pool with a domain. Its userinfo has booleans as text, which this preset
    /// reads.
    ///
    /// | at the provider | reported here |
    /// |---|---|
    /// | a user signs out, or is signed out by an administrator | no |
    /// | a user is disabled or deleted, or gets a new password | no |
    ///
    /// Cognito's public documentation has no back-channel logout. Set
    /// [`session_lifetime`](crate::Builder::session_lifetime), or
    /// [`recheck_after`](crate::Builder::recheck_after) if the provider accepts `prompt=none`.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let cognito = Oidc::cognito("ap-northeast-2", "ap-northeast-2_Ab12", "client-id", "secret");
    /// ```
    pub fn cognito(
        region: &str,
        pool: &str,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        let issuer = format!("https://cognito-idp.{region}.amazonaws.com/{pool}");
        Self::new(issuer, client_id, client_secret)
            .named("cognito")
            .titled("Sign in", "로그인")
            .accept_string_booleans()
    }

    /// An Auth0 tenant, by its domain, such as `shop.eu.auth0.com`. Its issuer ends with a slash.
    ///
    /// Console: a regular web application. Auth0 verifies phone numbers of passwordless SMS users
    /// only.
    ///
    /// | at Auth0 | reported here, with back-channel logout (paid plans have it) |
    /// |---|---|
    /// | a user signs out, a session expires or is revoked | yes (1) |
    /// | a user is deleted or blocked, a password is changed | documented (1), not tried |
    ///
    /// (1) For the initiators that are chosen in the console.
    ///
    /// Without back-channel logout nothing is reported: set
    /// [`recheck_after`](crate::Builder::recheck_after) or a short
    /// [`session_lifetime`](crate::Builder::session_lifetime).
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let auth0 = Oidc::auth0("shop.eu.auth0.com", "client-id", "client-secret");
    /// ```
    pub fn auth0(
        domain: &str,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        Self::new(format!("https://{domain}/"), client_id, client_secret)
            .named("auth0")
            .titled("Sign in", "로그인")
    }

    /// A Keycloak realm, by its address, such as `https://id.example.com/realms/shop`.
    ///
    /// Console: a confidential client with the optional client scope `phone`. Users must not be
    /// able to edit its attributes, or each of them could mark any number as verified. The default
    /// client scope `basic` carries `auth_time`, without which routes with
    /// [`max_age`](crate::RequireUser::max_age) never open.
    ///
    /// Set the client's backchannel logout URL to `{public_url}/auth/events/keycloak`.
    ///
    /// | at Keycloak (seen at 26.4) | reported here |
    /// |---|---|
    /// | a user signs out, or a session is deleted | yes, one logout token for that session |
    /// | an administrator presses *Sign out* at a user | a logout token for **one** session (1) |
    /// | *Log out all sessions* of the realm, not-before is pushed | no |
    /// | a user is disabled or deleted | no |
    /// | an administrator resets a password | no |
    ///
    /// (1) With *Backchannel logout session required* off, the token names the user and no session.
    ///
    /// To let an administrator's *Sign out* end all sessions here, set
    /// [`logout_tokens_end_all_sessions`](Self::logout_tokens_end_all_sessions), or switch
    /// *Backchannel logout session required* off. Either way, a user's own sign-out in one browser
    /// then ends all of the user's sessions. For events that Keycloak does not report, set
    /// [`recheck_after`](crate::Builder::recheck_after), for example to 15 minutes: users with a
    /// session at Keycloak notice nothing. A [`session_lifetime`](crate::Builder::session_lifetime)
    /// of an hour also works, because Keycloak then signs the user in again without a page.
    /// Keycloak sends each logout token once: a replica that is down, or closes its port before the
    /// proxy notices, misses it.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let keycloak = Oidc::keycloak("https://id.example.com/realms/shop", "client-id", "secret");
    /// ```
    pub fn keycloak(
        realm: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        Self::new(realm, client_id, client_secret)
            .named("keycloak")
            .titled("Sign in", "로그인")
    }

    /// A Zitadel instance, by its address, such as `https://shop.zitadel.cloud`. It verifies
    /// numbers by a code.
    ///
    /// Console: a web application with code flow and PKCE. Its ID tokens are also for the project
    /// and every application in it. `azp` names this application, so no
    /// [`trust_audience`](Self::trust_audience) is needed.
    ///
    /// | at Zitadel | reported here |
    /// |---|---|
    /// | a user signs out | if the instance has back-channel logout (documented, not tried) |
    /// | an administrator signs a user out, disables or deletes one | not documented |
    /// | an administrator resets a password | not documented |
    ///
    /// Set [`recheck_after`](crate::Builder::recheck_after).
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let zitadel = Oidc::zitadel("https://shop.zitadel.cloud", "client-id", "client-secret");
    /// ```
    pub fn zitadel(
        instance: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        Self::new(instance, client_id, client_secret)
            .named("zitadel")
            .titled("Sign in", "로그인")
    }

    /// An Okta authorization server, by its issuer, such as `https://shop.okta.com/oauth2/default`.
    ///
    /// Okta sends `phone_number` without saying whether it is verified, so it is
    /// [`Unverified`](PhoneAssurance::Unverified).
    ///
    /// | at Okta | reported here |
    /// |---|---|
    /// | a user signs out, or an administrator signs one out | no: front-channel only |
    /// | a user is disabled or deleted, a password is changed | by security events, not tried |
    ///
    /// Set [`recheck_after`](crate::Builder::recheck_after).
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let okta = Oidc::okta("https://shop.okta.com", "client-id", "client-secret");
    /// ```
    pub fn okta(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        Self::new(issuer, client_id, client_secret)
            .named("okta")
            .titled("Sign in", "로그인")
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
            .titled("Sign in with Telegram", "텔레그램으로 로그인")
            .scope("profile")
            .client_secret_basic();
        telegram.claim_rules.without_flag = PhoneAssurance::Asserted;
        telegram.claim_rules.lacks_plus = true;
        telegram
    }
}
