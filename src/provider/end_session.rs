//! The provider's sign-out page (OpenID Connect RP-Initiated Logout 1.0), to which the browser is
//! sent after the session here has ended.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// The provider's sign-out page, and the values that its URL carries.
#[derive(Clone, Debug)]
pub(crate) struct EndSession {
    /// The page, which the browser opens.
    pub(crate) endpoint: Url,
    /// Identifies the client if there is no ID token, or if the provider ignores it.
    pub(crate) client_id: String,
    /// The parameter with the URL to which the provider sends the user afterwards. OpenID Connect
    /// names it `post_logout_redirect_uri`, Kakao `logout_redirect_uri`.
    pub(crate) return_parameter: &'static str,
}

impl EndSession {
    /// The URL of the sign-out page (RP-Initiated Logout section 2). The provider sends the user to
    /// `return_to` afterwards, with `state`. `hint` is the ID token of the session that ends.
    /// Without it, many providers ask the user to confirm.
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
