//! The settings of a layer.

use std::time::Duration;

use super::OAuthLayer;
use crate::{
    config::Settings, error::ConfigError, flow::Flow, phone::PhoneAssurance, provider::Provider,
    seal::key::SessionKey,
};

/// The settings of an [`OAuthLayer`]. [`build`](Self::build) checks all of them.
///
/// ```
/// use std::time::Duration;
/// use tower_phone_auth::{phone::PhoneAssurance, Kakao, OAuthLayer, SessionKey};
///
/// let auth = OAuthLayer::builder()
///     .public_url("https://shop.example.com")
///     .session_key(SessionKey::random())
///     .provider(Kakao::new("rest-api-key", "client-secret"))
///     .public(["/healthz", "/assets/{*rest}"])
///     .session_lifetime(Duration::from_secs(60 * 60))
///     .minimum_assurance(PhoneAssurance::Asserted)
///     .provider_timeout(Duration::from_secs(5))
///     .build()?;
/// # Ok::<(), tower_phone_auth::ConfigError>(())
/// ```
#[derive(Debug)]
#[must_use]
pub struct Builder {
    pub(super) settings: Settings,
    providers: Vec<Provider>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            settings: Settings::default(),
            providers: Vec::new(),
        }
    }

    /// The address of the application as the browser sees it, such as `https://shop.example.com`.
    /// Required. The address is never taken from the `Host` of a request.
    ///
    /// It may have a path, such as `https://example.com/shop`, which a proxy removes before
    /// requests come here (nginx: `location /shop/ { proxy_pass http://127.0.0.1:3000/; }`). All
    /// links, redirects and redirect URIs then have the path. A `return_to` outside of it leads to
    /// `/shop/`. Settings that name paths, such as [`public`](Self::public) and
    /// [`prefix`](Self::prefix), name them as requests have them, without this path. Cookies are
    /// for the whole origin, as the `__Host-` prefix wants, and their [default
    /// name](Self::cookie_name) keeps those of other paths apart. No path keeps the scripts and
    /// pages of other applications on the origin apart.
    ///
    /// With https, cookies are `Secure` and carry the `__Host-` prefix. Plain http is for loopback
    /// only.
    ///
    /// A page visit under the same host with or without `www` goes on to the public one, and comes
    /// back to its page after the sign-in. The same holds for another loopback host of the same
    /// port if the public one is loopback, because browsers keep the cookies of `localhost` and
    /// `127.0.0.1` apart ([RFC 6265 section
    /// 4.1.2.3](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2.3)).
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().public_url("https://shop.example.com");
    /// ```
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.settings.public_url = Some(url.into());
        self
    }

    /// The prefix of the layer's own paths. Default: `/auth`. The redirect URI to register changes
    /// with it.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let staff = OAuthLayer::builder().prefix("/staff/auth").cookie_name("staff");
    /// ```
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.settings.prefix = prefix.into();
        self
    }

    /// The name with which the layer's cookies begin. Default: `phone-auth`, and below a path of
    /// the [public URL](Self::public_url) with a hash of it, as in `phone-auth-1a2b3c4d`. Two
    /// layers on one origin need two names, and two [prefixes](Self::prefix).
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().cookie_name("shop");
    /// ```
    pub fn cookie_name(mut self, name: impl Into<String>) -> Self {
        self.settings.cookie_name = Some(name.into());
        self
    }

    /// The key that seals sessions and pending sign-ins. Required, and the same on every replica.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// # use tower_phone_auth::SessionKey;
    /// let builder = OAuthLayer::builder().session_key(SessionKey::random());
    /// ```
    pub fn session_key(mut self, key: SessionKey) -> Self {
        self.settings.session_key = Some(key);
        self
    }

    /// Adds a provider to sign in with. At least one is required. With several, users choose at
    /// `/auth/login`.
    ///
    /// Register `{public_url}/auth/callback/{name}` in its console.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// # use tower_phone_auth::{Kakao, Naver};
    /// let builder = OAuthLayer::builder()
    ///     .provider(Kakao::new("rest-api-key", "client-secret"))
    ///     .provider(Naver::new("client-id", "client-secret"));
    /// ```
    pub fn provider(mut self, provider: impl Into<Provider>) -> Self {
        self.providers.push(provider.into());
        self
    }

    /// The time from the sign-in to the end of the session, whether the session is used or not.
    /// Default: 12 hours. At least one second and at most 400 days.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// # use std::time::Duration;
    /// let builder = OAuthLayer::builder().session_lifetime(Duration::from_secs(60 * 60));
    /// ```
    pub fn session_lifetime(mut self, life: Duration) -> Self {
        self.settings.rules.life = life;
        self
    }

    /// The time after which a session without a request ends. Default: no such limit. At least two
    /// seconds and at most the lifetime.
    ///
    /// After half of this time, a response carries the session sealed anew. The first response
    /// after a change of keys does so too. A client that does not take the new cookie gets one with
    /// every response.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().idle_timeout(Duration::from_secs(30 * 60));
    /// ```
    pub fn idle_timeout(mut self, idle: Duration) -> Self {
        self.settings.rules.idle = Some(idle);
        self
    }

    /// The lowest accepted assurance of a phone number. Default: [`PhoneAssurance::Asserted`].
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// # use tower_phone_auth::phone::PhoneAssurance;
    /// let builder = OAuthLayer::builder().minimum_assurance(PhoneAssurance::Verified);
    /// ```
    pub fn minimum_assurance(mut self, assurance: PhoneAssurance) -> Self {
        self.settings.rules.assurance = assurance;
        self
    }

    /// Accepts phone numbers of ranges that the numbering plan does not know, if they have a length
    /// of their country and the provider vouches for them ([`PhoneAssurance::Asserted`] or more).
    /// Default: off, and such users get 403 with the code `number_range`.
    ///
    /// Countries open new ranges before tables have them (libphonenumber's
    /// [`isPossibleNumber`](https://github.com/google/libphonenumber/blob/master/FAQ.md#what-is-the-difference-between-ispossiblenumber-and-isvalidnumber)),
    /// and a user whose number is new can do nothing about a table. The default stays strict
    /// because the length alone also fits mistyped and invented numbers, for which only the
    /// provider vouches then. Such a number is no [mobile number](crate::PhoneNumber::is_mobile)
    /// for this crate.
    ///
    /// ```
    /// # use tower_phone_auth::OAuthLayer;
    /// let builder = OAuthLayer::builder().accept_possible_numbers();
    /// ```
    pub fn accept_possible_numbers(mut self) -> Self {
        self.settings.plain.accepts_possible_numbers = true;
        self
    }

    /// Checks every setting. It makes no network call, so that an application starts while a
    /// provider is down.
    ///
    /// Without a [revocation log](Self::revocation_log), a WARN line says that sign-outs do not
    /// survive a restart. There is none with a random key, because sessions do not survive a
    /// restart either.
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let builder = OAuthLayer::builder()
    ///     .session_key(SessionKey::random())
    ///     .provider(Kakao::new("rest-api-key", "client-secret"));
    /// assert_eq!(builder.build().unwrap_err().setting(), "public_url");
    /// ```
    ///
    /// # Errors
    /// If a setting is missing or cannot work. The error names the setting, the value and the
    /// remedy.
    pub fn build(self) -> Result<OAuthLayer, ConfigError> {
        self.build_after(None)
    }

    /// Builds a layer that takes the place of `present`, or a first one.
    pub(super) fn build_after(mut self, present: Option<&Flow>) -> Result<OAuthLayer, ConfigError> {
        let Some(read_from) = self.settings.read_from.take() else {
            return self.checked(present);
        };
        let recheck = self.settings.plain.recheck;
        let key = self.settings.session_key.as_ref();
        let public_url = self.settings.public_url.as_deref();
        read_from.missing(public_url, key, self.providers.is_empty())?;
        self.checked(present)
            .map_err(|error| read_from.named(error, recheck))
    }

    fn checked(mut self, present: Option<&Flow>) -> Result<OAuthLayer, ConfigError> {
        self.settings.hooks.check()?;
        if let Some(base) = &self.settings.endpoint_base {
            for provider in &mut self.providers {
                provider.based_at(base);
            }
        }
        let key = self.settings.session_key.as_ref();
        let forgets = present.is_none()
            && self.settings.revocation.log.is_none()
            && key.is_some_and(SessionKey::is_kept);
        let flow = Flow::new(self.settings, &self.providers, present)?;
        flow.warn_of_long_host();
        if forgets {
            tracing::warn!(
                "no revocation log is set: a session that was signed out counts again after a restart, as long as its \
                 cookie lives; set Builder::revocation_log, for one process to a FileLog"
            );
        }
        Ok(OAuthLayer::from_flow(flow))
    }
}
