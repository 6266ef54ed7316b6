//! [`ProviderClient`] for a custom provider.

use oauth2::AccessToken;
use url::Url;

use super::CustomProvider;
use crate::{
    error::{LoginErrorKind, ProviderError},
    http_client::{BoxFuture, CallName},
    provider::{
        AuthorizationRequest, CodeExchange, Identity, Profile, ProviderClient, SignedIn,
        client::Client, json, outline::Outline, recheck::RecheckUnsupported, refused::Refused,
        token::TokenError,
    },
    web::origin::is_safe,
};

/// The client of one custom provider.
pub(super) struct CustomClient {
    /// Its issuer is the origin of the authorization endpoint.
    pub(super) identity: Identity,
    pub(super) client: Client,
    /// The settings, with the application's reader.
    pub(super) settings: CustomProvider,
}

impl CustomClient {
    /// The parameters that this sign-in needs, each name once (RFC 6749 section 3.1). The
    /// application's own parameters are added by the caller.
    fn extra(&self, attempt: &AuthorizationRequest<'_>) -> Vec<(&str, String)> {
        let asks = attempt.fresh || attempt.another_account;
        let fresh = self.settings.fresh.iter().filter(|_| asks);
        let again = self.settings.again.iter();
        let again = again.filter(|_| attempt.asks_for_phone);
        let recheck_parameters = self.settings.recheck_parameters.iter();
        let recheck_parameters = recheck_parameters.filter(|_| attempt.recheck.is_some());
        let mut extra: Vec<(&str, String)> = Vec::new();
        for (name, value) in fresh.chain(again).chain(recheck_parameters) {
            // A name that is set twice becomes a list of words, as `prompt` permits.
            match extra.iter_mut().find(|(known, _)| known == name) {
                Some((_, values)) => *values = format!("{values} {value}"),
                None => extra.push((name, value.clone())),
            }
        }
        extra
    }

    /// Sends the request of the reader, and lets the reader read the response.
    async fn profile(&self, token: &AccessToken) -> Result<Profile, ProviderError> {
        let reader = &self.settings.reader;
        let request = reader.request(token.secret());
        let mut request = request.map_err(|_| ProviderError::new(LoginErrorKind::InvalidAnswer))?;
        let uri = Url::parse(&request.uri().to_string());
        // The request carries the access token, so it goes to https or to loopback only.
        if !uri.is_ok_and(|uri| is_safe(&uri)) {
            return Err(ProviderError::new(LoginErrorKind::Misconfigured));
        }
        request.extensions_mut().insert(CallName::Profile);
        let response = self.client.http().send(request).await?;
        // The error of the reader gets the call for the log, without the body.
        let failed = |kind| ProviderError::new(kind).in_call(json::call(&response));
        // A redirect is no profile, and the reader should not have to know that.
        if response.status().is_redirection() {
            return Err(failed(LoginErrorKind::ProviderUnavailable));
        }
        reader
            .read(response.status(), response.body())
            .map_err(failed)
    }
}

impl ProviderClient for CustomClient {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The issuer of a custom provider is not known, so any `iss` passes. Each provider has a
    /// callback path of its own, which keeps providers apart (RFC 9700 section 4.4.2).
    fn is_issuer(&self, _: &str) -> bool {
        true
    }

    fn authorization_url<'a>(
        &'a self,
        attempt: AuthorizationRequest<'a>,
    ) -> BoxFuture<'a, Result<String, ProviderError>> {
        let scopes = self.scopes(attempt.asks_for_phone);
        let extra = self.extra(&attempt);
        let extra: Vec<_> = extra
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let extra = self
            .settings
            .registration
            .parameters
            .joined(&extra, &attempt);
        let url = self.client.authorization_url(attempt, &scopes, extra);
        Box::pin(async { Ok(url) })
    }

    fn scopes(&self, _: bool) -> Vec<&str> {
        self.settings.scopes.iter().map(String::as_str).collect()
    }

    /// The token endpoint alone, because only the reader knows the address of the profile.
    fn outline(&self) -> Outline {
        Outline::new([(CallName::Token, self.client.token_endpoint())])
    }

    fn rechecks(&self) -> Result<(), RecheckUnsupported> {
        if !self.settings.recheck_parameters.is_empty() {
            return Ok(());
        }
        Err(RecheckUnsupported {
            problem: "has no parameter for a request without a page",
            remedy: "name it by recheck_with(), as in recheck_with(\"prompt\", \"none\"), or leave \
                     recheck_after out",
        })
    }

    fn sign_in<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<SignedIn, Refused>> {
        Box::pin(async move {
            let exchanged = self.client.exchange(exchange, &[], TokenError::standard);
            let tokens = exchanged.await?;
            let profile = self.profile(&tokens.access_token).await?;
            Ok((profile, tokens.all))
        })
    }
}
