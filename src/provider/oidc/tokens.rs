//! Settings for the tokens that are accepted: audiences and algorithms.

use super::{Oidc, Signing, algorithm::Algorithm};
use crate::error::ConfigError;

impl Oidc {
    /// Accepts ID tokens that are also for this audience, such as a project or an API. Default:
    /// none.
    ///
    /// An ID token whose `azp` is this client was issued for it, so its further audiences need no
    /// setting. A token with further audiences and without `azp` is refused unless each of them is
    /// named here ([Core section
    /// 3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation), step 3).
    /// A token whose `azp` is another client is always refused.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let oidc = Oidc::new("https://id.example.com", "client-id", "client-secret").trust_audience("https://api.example.com");
    /// ```
    #[must_use]
    pub fn trust_audience(mut self, audience: impl Into<String>) -> Self {
        self.trusted_audiences.push(audience.into());
        self
    }

    /// Accepts ID tokens, logout tokens, security events and signed userinfo with these algorithms
    /// alone. Default: the secure ones among those that the provider's metadata announce
    /// (`id_token_signing_alg_values_supported`, and for userinfo
    /// `userinfo_signing_alg_values_supported` if present). If the metadata announce none, all
    /// secure ones are accepted. A token with another secure algorithm makes the layer read the
    /// metadata again, because some providers announce only the current one.
    ///
    /// The secure ones are `RS256`, `RS384`, `RS512`, `PS256`, `PS384`, `PS512`, `ES256`, `ES384`,
    /// `ES512` and `Ed25519`, which is also named `EdDSA` ([RFC 7518 section
    /// 3.1](https://www.rfc-editor.org/rfc/rfc7518#section-3.1), [RFC
    /// 9864](https://www.rfc-editor.org/rfc/rfc9864)). The layer refuses `none`, `ES256K`, `Ed448`,
    /// and the symmetric `HS256`, `HS384` and `HS512`, because every holder of the client secret
    /// could sign in as any user. A provider that can sign with the client secret (Auth0, Authentik
    /// without a signing key, django-oauth-toolkit) has a setting for the algorithm of each client:
    /// choose `RS256` or `ES256` there. [`Oidc::line`] is the exception, because LINE signs the
    /// tokens of web channels with nothing else; with this setting it accepts signatures with
    /// LINE's keys instead.
    ///
    /// ```
    /// # use tower_phone_auth::Oidc;
    /// let oidc = Oidc::new("https://id.example.com", "client-id", "client-secret").algorithms(["ES256", "RS256"]);
    /// ```
    #[must_use]
    pub fn algorithms<A: Into<String>>(mut self, algorithms: impl IntoIterator<Item = A>) -> Self {
        self.algorithms = Some(algorithms.into_iter().map(Into::into).collect());
        self.signing = Signing::Keys;
        self
    }

    /// The algorithms of the setting. `None` if it is not set. An error names the first algorithm
    /// that is not accepted.
    pub(super) fn pinned_algorithms(&self) -> Result<Option<Vec<Algorithm>>, ConfigError> {
        let Some(names) = &self.algorithms else {
            return Ok(None);
        };
        if names.is_empty() {
            let problem = "names no algorithm, so that every token would be refused";
            return Err(ConfigError::new("algorithms", problem, ANY));
        }
        let known = names.iter().map(|name| {
            let remedy = if name.starts_with("HS") {
                ASYMMETRIC
            } else {
                ANY
            };
            let problem = format!("{name:?} is not accepted");
            Algorithm::secure(name).ok_or_else(|| ConfigError::new("algorithms", problem, remedy))
        });
        known.collect::<Result<Vec<_>, _>>().map(Some)
    }
}

/// The remedy for an unknown algorithm.
const ANY: &str = "use some of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, \
                   Ed25519, or leave it out to accept those that the provider announces";
/// The remedy for a symmetric algorithm.
const ASYMMETRIC: &str = "set the client's signing algorithm to RS256 or ES256 at the provider, \
                          because a person who knows the client secret could make tokens with \
                          this one";
