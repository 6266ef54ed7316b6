//! The userinfo request. It is made if the ID token lacks the phone number, or the flag that says
//! whether the number is verified.

use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};
use url::Url;

use super::{
    UserinfoUse,
    client::{Discovered, OidcClient},
    id_token::Claims,
    jws,
    keys::FetchFor,
    metadata::Metadata,
    missing_phone::{self, Evidence},
    refusal::Refusal,
    trust::Signed,
    userinfo::{self, Answer},
};
use crate::provider::{bearer, issued::Tokens, json};
use crate::{error::ProviderError, provider::brand::Brand};

impl OidcClient {
    /// The userinfo endpoint. `None` if the provider has none, the setting `without_userinfo` is
    /// on, or the number, which alone would need it, is not asked for.
    pub(super) fn userinfo_endpoint<'m>(&self, metadata: &'m Metadata) -> Option<&'m Url> {
        match self.settings.userinfo {
            UserinfoUse::Never => None,
            UserinfoUse::WhereNeeded if self.settings.registration.without_phone => None,
            UserinfoUse::WhereNeeded | UserinfoUse::Always => metadata.userinfo_endpoint.as_ref(),
        }
    }

    /// The claims of userinfo. `None` if there is no endpoint, if they are not needed, or if they
    /// could not be fetched and the ID token suffices. The phone number alone decides whether they
    /// are needed. The ID token suffices if its number has the assurance that the application
    /// requires.
    pub(super) async fn userinfo_claims(
        &self,
        discovered: &Arc<Discovered>,
        tokens: &Tokens,
        claims: &Claims,
    ) -> Result<Option<Map<String, Value>>, ProviderError> {
        let Some(endpoint) = self.userinfo_endpoint(&discovered.metadata) else {
            return Ok(None);
        };
        let own = match self.settings.registration.without_phone {
            true => None,
            false => self.settings.claim_rules.phone_in(&claims.all)?,
        };
        let always = self.settings.userinfo == UserinfoUse::Always;
        // Number and flag are there, so userinfo could add nothing about the phone.
        if own.is_some_and(|own| own.is_complete) && !always {
            return Ok(None);
        }
        let asked = self.userinfo(discovered, endpoint, tokens, &claims.subject);
        match asked.await {
            // The user has a sufficient number, so an outage of one endpoint should not refuse the
            // sign-in.
            Err(error) if own.is_some_and(|own| own.assurance >= self.assurance) && !always => {
                let (kind, code) = (error.kind(), error.code());
                let issuer = self.settings.issuer.as_str();
                tracing::info!(
                    issuer,
                    code,
                    "userinfo failed, and the ID token's number suffices without it: {kind}"
                );
                Ok(None)
            }
            claims => claims.map(Some),
        }
    }

    /// Requests userinfo. Its errors have a code that begins with `userinfo`, because other
    /// endpoints fail in the same ways.
    async fn userinfo(
        &self,
        discovered: &Arc<Discovered>,
        endpoint: &Url,
        tokens: &Tokens,
        subject: &str,
    ) -> Result<Map<String, Value>, ProviderError> {
        let response = bearer::get(&*self.http, endpoint.as_str(), &tokens.access_token).await;
        let response = response.map_err(|error| named(error, "userinfo"))?;
        let status = response.status();
        let claims = self.read_userinfo(discovered, &response, subject).await;
        claims.map_err(|error| {
            let error = error.in_call(json::call(&response));
            if status.is_success() {
                named(error, "userinfo_form")
            } else {
                named(error, &format!("userinfo_{}", status.as_u16()))
            }
        })
    }

    /// Reads a response, and verifies the signature if there is one. The subject must be that of
    /// the ID token.
    async fn read_userinfo(
        &self,
        discovered: &Arc<Discovered>,
        response: &Response<Bytes>,
        subject: &str,
    ) -> Result<Map<String, Value>, ProviderError> {
        let expected = userinfo::Expected {
            subject,
            issuer: &self.settings.issuer,
            client_id: &self.settings.registration.client_id,
        };
        let signed = match userinfo::read(response)? {
            Answer::Plain(claims) => return userinfo::check(claims, &expected),
            Answer::Signed(signed) => signed,
        };
        let by = (FetchFor::SignIn, Signed::Userinfo);
        let verified = self.verified_by(discovered, by, |keys, algorithms| {
            jws::verified_payload(&signed, keys, algorithms)
        });
        let (payload, _) = verified.await?.map_err(|refusal| {
            log_algorithm(&refusal, "userinfo");
            userinfo::refuse(refusal)
        })?;
        userinfo::check_signed(&payload, &expected)
    }

    /// The error if neither ID token nor userinfo has a number. It says whether the user, the
    /// operator or the account is the reason.
    pub(super) fn missing_phone(
        &self,
        discovered: &Discovered,
        granted: Option<&str>,
        sources: [Option<&Map<String, Value>>; 2],
    ) -> ProviderError {
        let settings = &self.settings;
        let claim = &*settings.claim_rules.claim;
        let metadata = &discovered.metadata;
        let scope = settings.asks_for_phone();
        let mut sources = sources.into_iter().flatten();
        let evidence = Evidence {
            scope: scope.then_some(settings.phone_scope.as_str()),
            asked_by_claim: self.claims(metadata).is_ok_and(|claims| claims.is_some()),
            claim,
            granted,
            scopes_supported: metadata.scopes.as_deref(),
            claims_supported: metadata.claims.as_deref(),
            is_unlisted: matches!(settings.registration.brand, Brand::Kakao | Brand::Line),
            is_elsewhere: sources.any(|claims| missing_phone::is_elsewhere(claims, claim)),
        };
        evidence.cause()
    }
}

/// Prefixes the code of an error with `userinfo`. `unknown` becomes the code of an error without
/// one.
fn named(error: ProviderError, unknown: &str) -> ProviderError {
    let code = match error.code() {
        Some(code) if code.starts_with("userinfo") => return error,
        Some(code) => format!("userinfo_{code}"),
        None => unknown.to_owned(),
    };
    error.coded(code)
}

/// Warns about a refused algorithm. Only responses of the provider itself are passed here, because
/// any host could fill the log with tokens of its own.
pub(super) fn log_algorithm(refusal: &Refusal, answer: &'static str) {
    if let Some(algorithm) = refusal.algorithm() {
        tracing::warn!(
            answer,
            algorithm,
            "the provider signed with an algorithm that is neither announced nor set, or is never \
             accepted: set the client's signing algorithm to RS256 or ES256 there"
        );
    }
}
