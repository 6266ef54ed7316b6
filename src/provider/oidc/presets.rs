//! Presets: what is known of a provider, as data.

use super::{Oidc, ProfileAt, Signing};
use crate::{phone::PhoneAssurance, provider::brand::Brand};

impl Oidc {
    /// Kakao Login with OpenID Connect switched on (카카오 로그인, `OpenID Connect 활성화`).
    ///
    /// The phone number comes from userinfo, under Kakao's own scope `phone_number`, and Kakao says of each
    /// that it is verified. Console: as for [`Kakao`](crate::Kakao), with OpenID Connect on.
    ///
    /// | at Kakao | reported here |
    /// |---|---|
    /// | a user signs out of Kakao | no |
    /// | a user takes the link away, or closes the account | with the webhooks of [`Kakao`](crate::Kakao), which this preset does not receive; a security event that Kakao signs is taken |
    /// | an account is disabled, a password is changed | as far as Kakao sends a security event about it (its documentation names the kinds) |
    ///
    /// For the rest set [`session_lifetime`](crate::Builder::session_lifetime) to what you can accept, or
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

    /// Naver Login by OpenID Connect, the path family `/oauth2/`.
    ///
    /// Console: as for [`Naver`](crate::Naver). The subject is the ID token's, which differs from the id that the classic
    /// family gives the same person: choose one family and stay. Naver documents no nonce; one that comes back must be
    /// right, one that does not is left to state and PKCE. The number is [`Asserted`](PhoneAssurance::Asserted).
    ///
    /// | at the provider | reported here |
    /// |---|---|
    /// | a user signs out, or is signed out by an administrator | no |
    /// | a user is disabled or deleted, or gets a new password | no |
    ///
    /// Naver signs no one out on behalf of an application, and its unlink notice goes to [`Naver`](crate::Naver). Set
    /// [`session_lifetime`](crate::Builder::session_lifetime) to what you can accept: Naver cannot be asked without a page.
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
    /// Console (<https://developers.line.biz>): a LINE Login channel for web apps; the permission `phone`. ID
    /// tokens of web channels are signed with the channel secret (HS256). No answer says that a number is
    /// verified: it is [`Unverified`](PhoneAssurance::Unverified).
    ///
    /// | at the provider | reported here |
    /// |---|---|
    /// | a user signs out, or is signed out by an administrator | no |
    /// | a user is disabled or deleted, or gets a new password | no |
    ///
    /// LINE documents no back-channel logout (as far as its public pages say). Set [`session_lifetime`](crate::Builder::session_lifetime) or
    /// [`recheck_after`](crate::Builder::recheck_after), where the provider takes `prompt=none`.
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
    /// Console (<https://portal.vippsmobilepay.com>): switch Login on for the sales unit, register the redirect
    /// URI. Numbers come without a plus sign, under the scope `phoneNumber`.
    ///
    /// | at the provider | reported here |
    /// |---|---|
    /// | a user signs out, or is signed out by an administrator | no |
    /// | a user is disabled or deleted, or gets a new password | no |
    ///
    /// Vipps MobilePay documents no back-channel logout (as far as its public pages say). Set [`session_lifetime`](crate::Builder::session_lifetime) or
    /// [`recheck_after`](crate::Builder::recheck_after), where the provider takes `prompt=none`.
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

    /// An AWS Cognito user pool, by its region and id, such as `("ap-northeast-2", "ap-northeast-2_Ab12")`.
    ///
    /// Console: an app client with the authorization code grant and the scopes `openid` and `phone`, on a
    /// pool with a domain. Its userinfo writes booleans as text, which this preset reads.
    ///
    /// | at the provider | reported here |
    /// |---|---|
    /// | a user signs out, or is signed out by an administrator | no |
    /// | a user is disabled or deleted, or gets a new password | no |
    ///
    /// Cognito documents no back-channel logout (as far as its public pages say). Set [`session_lifetime`](crate::Builder::session_lifetime) or
    /// [`recheck_after`](crate::Builder::recheck_after), where the provider takes `prompt=none`.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let cognito = Oidc::cognito("ap-northeast-2", "ap-northeast-2_Ab12", "client-id", "client-secret");
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
    /// Console: a regular web application; phone numbers are verified for passwordless SMS users only.
    ///
    /// | at Auth0 | reported here, with back-channel logout set up (a plan that has it is needed) |
    /// |---|---|
    /// | a user signs out, or a session expires or is revoked | a logout token for each session, for the initiators that are chosen in the console |
    /// | a user is deleted or blocked, a password is changed | where that initiator is chosen, as Auth0 documents; not tried |
    ///
    /// Without it nothing is reported: set [`recheck_after`](crate::Builder::recheck_after) or a short
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
    /// Console: a confidential client; the optional client scope `phone`. Its attributes must not be editable
    /// by the users themselves, or anybody verifies any number. The client scope `basic` (a default one) carries `auth_time`,
    /// without which no route with [`max_age`](crate::RequireUser::max_age) opens.
    ///
    /// Set at the client: the backchannel logout URL `{public_url}/auth/events/keycloak`.
    ///
    /// | at Keycloak (seen at 26.4) | reported here |
    /// |---|---|
    /// | a user signs out, or one of their sessions is deleted | yes, one logout token for that session |
    /// | an administrator presses *Sign out* at a user | one token, which names **one** session of the user; with *Backchannel logout session required* off, the user alone |
    /// | *Log out all sessions* of the realm, not-before is pushed | no |
    /// | a user is disabled or deleted | no |
    /// | an administrator resets a password | no |
    ///
    /// So that an administrator's *Sign out* ends all sessions here, set
    /// [`logout_tokens_end_all_sessions`](Self::logout_tokens_end_all_sessions), or switch *Backchannel logout session
    /// required* off. Either way a user's own sign-out in one browser then ends all. For what Keycloak does not report, set
    /// [`recheck_after`](crate::Builder::recheck_after), 15 minutes say: users whose session at Keycloak lives notice nothing. A
    /// [`session_lifetime`](crate::Builder::session_lifetime) of an hour does as well, by a sign-in without a page.
    /// Keycloak sends each logout token once: a replica that is down, or closes its port before the proxy knows, misses it.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let keycloak = Oidc::keycloak("https://id.example.com/realms/shop", "client-id", "client-secret");
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

    /// A Zitadel instance, by its address, such as `https://shop.zitadel.cloud`. It verifies numbers by a code.
    ///
    /// Console: a web application with code flow and PKCE. Its ID tokens are for the project and every application in it as
    /// well; `azp` names this one, so that no [`trust_audience`](Self::trust_audience) is needed.
    ///
    /// | at Zitadel | reported here |
    /// |---|---|
    /// | a user signs out | where the instance has back-channel logout switched on (a newer feature, as its documentation says; not tried) |
    /// | an administrator signs a user out, disables or deletes one, resets a password | not documented |
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
    /// Okta gives `phone_number` without saying whether it is verified: it is
    /// [`Unverified`](PhoneAssurance::Unverified).
    ///
    /// | at Okta | reported here |
    /// |---|---|
    /// | a user signs out, or is signed out by an administrator | not by logout tokens, as far as its public pages say (its single logout is of the front channel) |
    /// | a user is disabled or deleted, a password is changed | by security events, where a shared signals stream is set up to send them; not tried |
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

    /// Telegram Login. The client id is the bot's id; the secret is the login's, not the bot token.
    ///
    /// The number is in the ID token alone, and the documentation
    /// (<https://core.telegram.org/bots/telegram-login>) vouches for it: it is [`Asserted`](PhoneAssurance::Asserted).
    ///
    /// | at the provider | reported here |
    /// |---|---|
    /// | a user signs out, or is signed out by an administrator | no |
    /// | a user is disabled or deleted, or gets a new password | no |
    ///
    /// Telegram documents no back-channel logout (as far as its public pages say). Set [`session_lifetime`](crate::Builder::session_lifetime) or
    /// [`recheck_after`](crate::Builder::recheck_after), where the provider takes `prompt=none`.
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
