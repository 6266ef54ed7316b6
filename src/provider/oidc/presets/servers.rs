//! Presets for identity servers and services that an organization runs or rents.

use crate::provider::{Title, oidc::Oidc};

impl Oidc {
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
            .with_title(Title::Brand("Auth0"))
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
            .with_title(Title::Brand("Amazon Cognito"))
            .accept_string_booleans()
    }

    /// A Keycloak realm, by its address, such as `https://id.example.com/realms/shop`.
    ///
    /// Console: a confidential client with the optional client scope `phone`. Users must not be
    /// able to edit the attributes of that scope, or each of them could mark any number as
    /// verified. The default client scope `basic` carries `auth_time`, without which routes with
    /// [`max_age`](crate::layer::RequireUser::max_age) never open.
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
            .with_title(Title::Brand("Keycloak"))
    }

    /// An Okta authorization server, by its issuer, such as `https://shop.okta.com/oauth2/default`.
    ///
    /// Okta sends `phone_number` without saying whether it is verified, so it is
    /// [`Unverified`](crate::phone::PhoneAssurance::Unverified).
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
            .with_title(Title::Brand("Okta"))
    }

    /// A Zitadel instance, by its address, such as `https://shop.zitadel.cloud`. Zitadel verifies
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
            .with_title(Title::Brand("ZITADEL"))
    }
}
