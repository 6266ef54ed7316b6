//! How the answers of the provider are read.

use super::Oidc;

impl Oidc {
    /// The country, as in `KR`, of numbers that are written without one. Default: none, such numbers
    /// are refused.
    #[must_use]
    pub fn phone_region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Takes the text `"true"` for true in `phone_number_verified` and `email_verified`. Default: off.
    #[must_use]
    pub fn accept_string_booleans(mut self) -> Self {
        self.reading.string_booleans = true;
        self
    }
}
