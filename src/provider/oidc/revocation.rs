//! Token revocation and the sign-out page of an OpenID provider.

use super::client::{Discovered, OidcClient};
use crate::provider::{end_session::EndSession, revocation};
use crate::{error::ProviderError, http_client::CallName};

impl OidcClient {
    /// Revokes a token at the `revocation_endpoint` of the metadata (RFC 7009 section 2.1). An
    /// error if the metadata have none.
    pub(super) async fn revoke(&self, token: &str) -> Result<(), ProviderError> {
        let Discovered {
            metadata, client, ..
        } = &*self.discovered().await?;
        let endpoint = metadata.revocation_endpoint.as_ref();
        let endpoint = endpoint.ok_or_else(|| revocation::not_set_up("revocation_endpoint"))?;
        let pairs = [("token".into(), token.into())];
        let response = client
            .post((CallName::Revocation, endpoint), pairs.into_iter())
            .await?;
        revocation::result(&response)
    }

    /// The sign-out page of the metadata. `None` if they have none, or cannot be fetched. The user
    /// is then signed out here only.
    pub(super) async fn sign_out_page(&self) -> Option<EndSession> {
        let discovered = self.discovered().await.ok()?;
        Some(EndSession {
            endpoint: discovered.metadata.end_session_endpoint.clone()?,
            client_id: self.settings.registration.client_id.clone(),
            return_parameter: "post_logout_redirect_uri",
        })
    }
}
