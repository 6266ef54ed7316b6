//! A layer with changed settings in the place of a running one.

use super::{Builder, OAuthLayer};
use crate::error::ConfigError;

impl OAuthLayer {
    /// A layer with the settings of `builder` that takes the place of this one, without a restart:
    /// for new keys, providers, public paths, rules or hooks. It goes on with the revocations of
    /// this layer, so that no session that has ended counts again. Both share one task that reads
    /// the [log](Builder::revocation_log), and know the same used codes and handled reports.
    ///
    /// Build the application around the new layer, with its [`require`](Self::require), and let new
    /// connections use it. Both layers may answer requests at the same time, and accept each
    /// other's sessions as far as the [session keys](Builder::session_key) and the [cookie
    /// name](Builder::cookie_name) permit. After the call, entries of the log are sealed with the
    /// first key of the new layer, and the log is read once more.
    ///
    /// | setting | in `builder` |
    /// |---|---|
    /// | [`public_url`](Builder::public_url), [`session_lifetime`](Builder::session_lifetime) | the same |
    /// | [`max_revocation_lag`](Builder::max_revocation_lag), [`when_stale`](Builder::when_stale), if there is a log | the same |
    /// | [`session_key`](Builder::session_key), if there is a log | the present first key among its keys |
    /// | [`revocation_log`](Builder::revocation_log) | left out, or the same [variable](Builder::from_env) with the same value |
    /// | [`clock`](Builder::clock) | ignored: the clock stays |
    /// | all others | as you like |
    ///
    /// The metadata of providers are fetched anew; [`warm_up`](Self::warm_up) does so before the
    /// first sign-in. The limits on calls to providers count for each layer.
    ///
    /// ```
    /// use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
    ///
    /// let builder = |key: SessionKey| OAuthLayer::builder()
    ///     .public_url("https://shop.example.com")
    ///     .session_key(key)
    ///     .provider(Kakao::new("rest-api-key", "client-secret"));
    /// let (old, new) = (SessionKey::random(), SessionKey::random());
    /// let auth = builder(old.clone()).build()?;
    /// let auth = auth.rebuilt(builder(new.and(old)))?; // no user is signed out
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// If a setting cannot work, as for [`build`](Builder::build), or differs although it must be
    /// the same. This layer is then unchanged.
    pub fn rebuilt(&self, builder: Builder) -> Result<Self, ConfigError> {
        builder.build_after(Some(&self.flow))
    }
}
