//! The interface between a provider's settings and the builder.

use std::sync::Arc;

use rlibphonenumber::Region;
use url::Url;

use super::{provider_client::ProviderClient, registration::Registration};
use crate::{
    calls::ClockDifference,
    clock::Clock,
    error::ConfigError,
    http_client::{HttpClient, Names},
    phone::PhoneAssurance,
};

/// The settings of one provider, as the application wrote them. Each provider's settings type
/// implements this trait.
pub(crate) trait Settings: Send + Sync {
    /// The settings that every provider has.
    fn registration(&self) -> &Registration;
    /// The setting that puts the endpoints on loopback, if there is one. The builder refuses it
    /// together with a public URL elsewhere.
    fn local_setting(&self) -> Option<&'static str> {
        let base = self.registration().endpoint_base.as_ref();
        base.map(|_| "endpoint_base")
    }
    /// Replaces the provider's hosts by an origin on loopback, unless `endpoint_base` does. Nothing
    /// for a provider whose endpoints the settings name.
    fn based_at(&mut self, _origin: &str) {}
    /// The URLs of the settings, whose hosts may resolve to any address; see [`Names::new`]. Empty
    /// for a provider whose endpoints are constants, where nothing is checked.
    fn own_urls(&self) -> Vec<Url> {
        Vec::new()
    }
    /// Checks the settings, and makes the client. The network is not used.
    fn connect(&self, context: &ConnectContext) -> Result<Arc<dyn ProviderClient>, ConfigError>;
}

/// The values of the layer that a provider's client needs.
pub(crate) struct ConnectContext {
    /// The callback URL.
    pub(crate) redirect_uri: String,
    /// The HTTP client, with the limits of this provider.
    pub(crate) http: Arc<dyn HttpClient>,
    /// The addresses to which host names in metadata may resolve.
    pub(crate) names: Names,
    pub(crate) clock: Clock,
    /// The observed difference between the provider's clock and the clock of this replica.
    pub(crate) difference: Arc<ClockDifference>,
    /// The lowest assurance that the application accepts. It decides whether a failed userinfo
    /// request matters.
    pub(crate) assurance: PhoneAssurance,
}

/// Parses a country code of the settings. `None` stays `None`; an unknown code is an error.
pub(super) fn region(code: Option<&str>) -> Result<Option<Region>, ConfigError> {
    let Some(code) = code else { return Ok(None) };
    match code.parse() {
        Ok(region) => Ok(Some(region)),
        Err(_) => Err(ConfigError::new(
            "phone_region",
            format!("{code:?} is not known"),
            "give an ISO 3166-1 alpha-2 code such as \"KR\"",
        )),
    }
}
