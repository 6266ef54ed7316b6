//! The authorization request. The settings decide about its parameters, and the metadata if the
//! settings leave a choice open.

use serde_json::json;
use url::Url;

use super::{
    ProfileAt,
    client::{Discovered, OidcClient},
    metadata::Metadata,
    par,
};
use crate::error::ProviderError;
use crate::provider::{
    AuthorizationRequest, naver, recheck::RecheckedUser, revocation::not_set_up,
};

impl OidcClient {
    /// The URL for the browser, after the request was pushed if that is required.
    ///
    /// # Errors
    ///
    /// If the metadata cannot be fetched, do not support a setting, or the provider refuses the
    /// pushed request.
    pub(super) async fn authorization_url(
        &self,
        attempt: AuthorizationRequest<'_>,
    ) -> Result<String, ProviderError> {
        let Discovered {
            metadata, client, ..
        } = &*self.discovered().await?;
        // Both may refuse the sign-in, so they come before the user leaves.
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

    /// The parameters that make the provider show a page: consent, the choice of an account, or a
    /// fresh sign-in (Core section 3.1.2.1). Naver has a parameter of its own for them.
    fn prompt_parameters(
        &self,
        attempt: AuthorizationRequest<'_>,
    ) -> &'static [(&'static str, &'static str)] {
        let asks_for_phone = attempt.asks_for_phone && !self.settings.registration.without_phone;
        let fresh = attempt.fresh;
        if self.settings.profile == ProfileAt::Naver {
            return naver::auth_type(asks_for_phone, fresh || attempt.another_account);
        }
        match (asks_for_phone, fresh, attempt.another_account) {
            (false, false, false) => &[],
            (true, false, false) => &[("prompt", "consent")],
            (false, false, true) => &[("prompt", "select_account")],
            (true, false, true) => &[("prompt", "select_account consent")],
            // `prompt=login` asks for a fresh sign-in. `max_age=0` makes the provider prove it by
            // `auth_time`.
            (false, true, _) => &[("prompt", "login"), ("max_age", "0")],
            (true, true, _) => &[("prompt", "login consent"), ("max_age", "0")],
        }
    }

    /// The parameter `claims` (Core section 5.5). `None` if a scope that the provider lists stands
    /// for the number already, or the number is not asked for. Without userinfo, the parameter asks for the number in the ID token.
    /// An error if the setting requires the parameter and the provider does not support it.
    pub(super) fn claims(&self, metadata: &Metadata) -> Result<Option<String>, ProviderError> {
        let settings = &self.settings;
        if settings.registration.without_phone {
            return Ok(None);
        }
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

    /// The endpoint to which the request is pushed. `None` if the request is not pushed. An error
    /// if the setting requires it and the provider has no endpoint.
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

    /// Warns about scopes that the metadata do not list, because the provider may refuse the whole
    /// request for one of them.
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

/// The parameters of a request without a page (Core section 3.1.2.1). The email address selects the
/// account if the browser has several. Core does not say that a subject is accepted as a hint.
fn recheck_parameters(known: RecheckedUser<'_>) -> impl Iterator<Item = (&str, &str)> {
    let hint = known.email.map(|email| ("login_hint", email));
    [("prompt", "none")].into_iter().chain(hint)
}
