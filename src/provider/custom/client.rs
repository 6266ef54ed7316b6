//! [`ProviderClient`] for a custom provider.

use std::sync::{Mutex, PoisonError};

use secrecy::ExposeSecret;

use super::CustomProvider;
use crate::{
    calls,
    error::{LoginErrorKind, Mismatch, ProviderError, Sent},
    http_client::{BoxFuture, CallName},
    provider::{
        AuthorizationRequest, CodeExchange, Identity, Profile, ProviderClient, SignedIn,
        client::Client, outline::Outline, read_profile::ProfileContext,
        recheck::RecheckUnsupported, refused::Refused, token::TokenError, tokens::ProviderTokens,
    },
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

    /// The further parameters of the code exchange: those of the settings, and those that the
    /// callback brought.
    fn exchanged<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> Result<Vec<(&'a str, &'a str)>, ProviderError> {
        let constant = self.settings.exchange_parameters.iter();
        let constant = constant.map(|(name, value)| Ok((&**name, value.expose_secret())));
        let from_callback = self.settings.exchange_from_callback.iter();
        let from_callback = from_callback.map(|name| match exchange.callback.value(name) {
            Some(value) => Ok((&**name, value)),
            None => {
                let wanted = format!("the parameter {name:?} in the callback, once");
                let error = ProviderError::new(LoginErrorKind::InvalidAnswer);
                Err(error.differing(Mismatch::new(&wanted, "none that can be sent")))
            }
        });
        constant.chain(from_callback).collect()
    }

    /// Lets the reader read the profile. The deadline of the sign-in ends a reader that waits for
    /// something else than a call.
    async fn profile(
        &self,
        tokens: &ProviderTokens,
        exchange: CodeExchange<'_>,
    ) -> Result<Profile, ProviderError> {
        let mut sent = Sent::default();
        sent.add("access_token", tokens.access_token());
        sent.add("refresh_token", tokens.refresh_token().unwrap_or_default());
        // A reader sends the token wherever the provider wants it, such as in a header.
        calls::record_sent(sent);
        let last = Mutex::new(None);
        let http = self.client.http();
        let context = ProfileContext::new(http, tokens, exchange.callback, &last);
        let read = calls::wait(self.settings.reader.read(context)).await?;
        // The error of the reader gets the call for the log, without the body.
        match last.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(call) => read
                .map(|profile| profile.in_call(call.clone()))
                .map_err(|error| error.in_call(call)),
            None => read,
        }
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
            let extra = self.exchanged(exchange)?;
            let exchanged = self.client.exchange(exchange, &extra, TokenError::standard);
            let tokens = exchanged.await?.all;
            let profile = self.profile(&tokens, exchange).await?;
            Ok((profile, tokens))
        })
    }
}
