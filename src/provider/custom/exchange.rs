//! Further parameters of the code exchange.

use super::CustomProvider;
use crate::error::ConfigError;

/// The parameters of a code exchange that the layer sends itself (RFC 6749 section 4.1.3, RFC 7636
/// section 4.5).
const OWN: [&str; 6] = [
    "grant_type",
    "code",
    "redirect_uri",
    "client_id",
    "client_secret",
    "code_verifier",
];

impl CustomProvider {
    /// One more parameter of the code exchange, which the token endpoint requires. Default: none.
    /// `Debug` does not show the value.
    ///
    /// ```
    /// # use tower_phone_auth::{provider::ReadProfile, CustomProvider};
    /// # fn club(club: impl ReadProfile) -> CustomProvider {
    /// CustomProvider::without_secret("club", "client-id", club)
    ///     .endpoints("https://club.example/authorize", "https://club.example/token")
    ///     .exchange_with("service_token", "secret")
    /// # }
    /// ```
    #[must_use]
    pub fn exchange_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into().into();
        self.exchange_parameters.push((name.into(), value));
        self
    }

    /// A parameter of the callback that the code exchange repeats, such as the `device_id` of VK
    /// ID. Default: none. A callback without it is refused, and one that has it twice.
    ///
    /// ```
    /// # use tower_phone_auth::{provider::ReadProfile, CustomProvider};
    /// # fn vk_id(vk_id: impl ReadProfile) -> CustomProvider {
    /// CustomProvider::without_secret("vk-id", "client-id", vk_id)
    ///     .endpoints("https://id.vk.com/authorize", "https://id.vk.com/oauth2/auth")
    ///     .exchange_with_callback("device_id")
    /// # }
    /// ```
    #[must_use]
    pub fn exchange_with_callback(mut self, name: impl Into<String>) -> Self {
        self.exchange_from_callback.push(name.into());
        self
    }

    /// Checks the further parameters of the code exchange. Each is there once (RFC 6749 section
    /// 3.2).
    pub(super) fn check_exchange(&self) -> Result<(), ConfigError> {
        let constant = self.exchange_parameters.iter().map(|(name, _)| &**name);
        let callback = self.exchange_from_callback.iter().map(|name| &**name);
        let names: Vec<&str> = constant.chain(callback).collect();
        for (index, name) in names.iter().enumerate() {
            let problem = if name.trim().is_empty() {
                "is no name"
            } else if OWN.contains(name) {
                "is sent by the layer itself"
            } else if names[..index].contains(name) {
                "is given twice"
            } else {
                continue;
            };
            let problem = format!("{name:?} {problem}");
            let remedy = "give another name, or leave it out";
            return Err(ConfigError::new("exchange_with", problem, remedy));
        }
        Ok(())
    }
}
