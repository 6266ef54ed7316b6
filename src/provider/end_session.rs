//! The way to a provider's own logout.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// Where people sign out at the provider as well.
#[derive(Clone, Debug)]
pub(crate) struct EndSession {
    pub(crate) endpoint: Url,
    pub(crate) client_id: String,
    /// The parameter that tells where to send the person back to.
    pub(crate) return_parameter: &'static str,
}

impl EndSession {
    /// RP-Initiated Logout section 2. `hint` is the ID token of the session that ends.
    pub(crate) fn url(&self, return_to: &str, state: &str, hint: Option<&SecretString>) -> String {
        let mut url = self.endpoint.clone();
        url.query_pairs_mut()
            .extend_pairs(hint.map(|hint| ("id_token_hint", hint.expose_secret())))
            .append_pair("client_id", &self.client_id)
            .append_pair(self.return_parameter, return_to)
            .append_pair("state", state);
        url.into()
    }
}
