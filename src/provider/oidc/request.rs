//! The authorization request: the settings decide, and the metadata where the settings leave it
//! open.

use serde_json::json;
use url::Url;

use super::{
    ProfileAt,
    client::recheck_parameters,
    connected::{Discovered, OidcClient},
    metadata::Metadata,
    par,
};
use crate::error::ProviderError;
use crate::provider::{AuthorizationRequest, revocation::not_set_up};

impl OidcClient {
    /// The URL for the browser, after the request was pushed if that is required.
    pub(super) async fn url(
        &self,
        attempt: AuthorizationRequest<'_>,
    ) -> Result<String, ProviderError> {
        let Discovered {
            metadata, client, ..
        } = &*self.discovered().await?;
        let claims = self.claims(metadata)?;
        let pushed = self.par_endpoint(metadata)?;
        let mut own = vec![("nonce", attempt.nonce)];
        match attempt.recheck {
            Some(known) => own.extend(recheck_parameters(known)),
            None => own.extend(self.prompt_parameters(attempt)),
        }
        own.extend(claims.iter().map(|claims| ("claims", claims.as_str())));
        let parameters = &self.settings.registration.parameters;
        let extra = match self.settings.profile {
            ProfileAt::Userinfo => parameters.joined(&own, &attempt),
            // Naver's `auth_type` is not a list like `prompt`.
            ProfileAt::Naver => parameters.beside(&own, &attempt),
        };
        let url = client.authorization_url(attempt, &self.settings.requested_scopes(), extra);
        match pushed {
            Some(endpoint) => {
                let own = metadata.authorization_endpoint.clone();
                par::push(client, endpoint, own, &url).await
            }
            None => Ok(url),
        }
    }

    /// The parameter `claims` (Core section 5.5). It is left out if a scope that the provider lists
    /// stands for the number. Without userinfo, it asks for the number in the ID token.
    pub(super) fn claims(&self, metadata: &Metadata) -> Result<Option<String>, ProviderError> {
        let settings = &self.settings;
        let is_scoped = settings.asks_for_phone()
            && settings.scope_has_claim()
            && metadata.lists_scope(&settings.phone_scope);
        let wanted = settings.claims_parameter;
        if wanted == Some(true) && !metadata.supports_claims {
            return Err(not_set_up("claims_parameter_supported"));
        }
        if !wanted.unwrap_or(metadata.supports_claims && !is_scoped) {
            return Ok(None);
        }
        let member = match self.userinfo_endpoint(metadata) {
            Some(_) => "userinfo",
            None => "id_token",
        };
        let mut claims = json!({ "phone_number_verified": { "essential": true } });
        claims[&*settings.claim_rules.claim] = json!({ "essential": true });
        Ok(Some(json!({ member: claims }).to_string()))
    }

    /// The endpoint to which the request is pushed, if it is.
    pub(super) fn par_endpoint<'m>(
        &self,
        metadata: &'m Metadata,
    ) -> Result<Option<&'m Url>, ProviderError> {
        const NAME: &str = "pushed_authorization_request_endpoint";

        let endpoint = metadata.par_endpoint.as_ref();
        match self.settings.pushed_requests {
            Some(true) => endpoint.map(Some).ok_or_else(|| not_set_up(NAME)),
            Some(false) => Ok(None),
            None => Ok(endpoint.filter(|_| metadata.requires_par)),
        }
    }

    /// Warns about scopes that the metadata do not list: the provider may refuse the whole request
    /// because of one.
    pub(super) fn warn_of_scopes(&self, metadata: &Metadata) {
        let scopes = self.settings.requested_scopes();
        let scopes = scopes
            .into_iter()
            .filter(|scope| !metadata.lists_scope(scope) && metadata.scopes.is_some());
        for scope in scopes {
            if self.is_first_warning(scope) {
                tracing::warn!(
                    issuer = self.settings.issuer,
                    scope,
                    "the provider's metadata list no such scope, and it may refuse sign-ins with \
                     invalid_scope; see Oidc::scopes and Oidc::phone_scope"
                );
            }
        }
    }
}
