//! Kakao's ID token, which comes if OpenID Connect is on. The token proves when the user last
//! authenticated (<https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#request-token>).

use std::sync::atomic::Ordering;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use super::client::KakaoClient;
use crate::provider::{
    issued::Tokens,
    oidc::{
        algorithm::Algorithm,
        auth_time,
        id_token::{self, Claims},
        jws::Jws,
        keys::FetchFor,
        refusal::Refusal,
    },
    profile::Profile,
};
use crate::{
    clock::UnixTime,
    error::{LoginErrorKind, ProviderError},
};

/// The claims that differ in an ID token of another sign-in, user or application. A wrong one is an
/// attack or a mistake of the configuration, not an outage.
const CONTRADICTIONS: [&str; 5] = ["iss", "aud", "azp", "nonce", "sub"];

/// The values of a verified ID token.
pub(super) struct Proof {
    /// The `sub`, which must be the id of the profile.
    subject: String,
    proved_at: Option<UnixTime>,
    issued_at: Option<UnixTime>,
    /// All claims, for the application's hook.
    all: Map<String, Value>,
}

impl Proof {
    /// Adds the values to the profile. An error if profile and ID token are about different users.
    pub(super) fn complete(self, profile: &mut Profile) -> Result<(), ProviderError> {
        if self.subject != profile.subject {
            return Err(refuse("sub"));
        }
        profile.proved_at = self.proved_at;
        profile.issued_at = self.issued_at;
        let claims = std::mem::take(&mut profile.claims);
        profile.claims = claims.and_then(self.all);
        Ok(())
    }
}

impl KakaoClient {
    /// Verifies the ID token, if there is one. The profile identifies the user, so an ID token that
    /// cannot be verified, also for lack of keys, is ignored with a warning. The sign-in is refused
    /// if the token contradicts it. `None` means that there is no proof of the authentication time.
    pub(super) async fn proof(
        &self,
        tokens: &Tokens,
        nonce: &str,
    ) -> Result<Option<Proof>, ProviderError> {
        let Some(token) = &tokens.id_token else {
            return Ok(None);
        };
        let refusal = match self.verified(token, tokens, nonce).await {
            Ok(Ok(claims)) => {
                self.sends_id_tokens.store(true, Ordering::Relaxed);
                let issued_at = auth_time::issued_at(&claims.all);
                self.difference
                    .learn_from_id_token(&self.identity.issuer, issued_at, &self.clock);
                return Ok(Some(Proof {
                    proved_at: auth_time::read(&claims.all, self.clock.unix()),
                    issued_at,
                    subject: claims.subject,
                    all: claims.all,
                }));
            }
            Ok(Err(refusal)) => Some(refusal),
            Err(_) => None,
        };
        let is_contradiction = |refusal: &Refusal| CONTRADICTIONS.contains(&refusal.part());
        let refusal = match refusal {
            Some(refusal) if is_contradiction(&refusal) => return Err(refusal.error()),
            other => other,
        };
        let part = refusal.as_ref().map_or("keys", Refusal::part);
        let mismatch = refusal.as_ref().map(|refusal| &refusal.mismatch);
        let expected = mismatch.and_then(|mismatch| mismatch.expected.as_deref());
        let found = mismatch.and_then(|mismatch| mismatch.found.as_deref());
        tracing::warn!(
            part,
            expected,
            found,
            "Kakao's ID token cannot be verified, and is ignored"
        );
        Ok(None)
    }

    /// Verifies the signature and the claims. The outer error means that the keys could not be
    /// fetched, the inner one refuses the token.
    async fn verified(
        &self,
        token: &SecretString,
        tokens: &Tokens,
        nonce: &str,
    ) -> Result<Result<Claims, Refusal>, ProviderError> {
        let token = token.expose_secret();
        // A token that is no JWS at all must not cause a fetch of the keys.
        if let Err(refusal) = Jws::parse(token) {
            return Ok(Err(refusal));
        }
        let expected = id_token::Expected {
            issuers: &[&self.identity.issuer],
            client_id: &self.identity.client_id,
            trusted: &[],
            nonce,
            nonce_may_lack: false,
            access_token: Some(tokens.access_token.secret()),
            now: self.clock.unix(),
        };
        let verify = |keys: &_| id_token::verify(token, keys, &[Algorithm::Rs256], &expected);
        let verified = self
            .keys
            .try_with(FetchFor::SignIn, verify, Refusal::is_of_key);
        verified.await
    }
}

/// The error of a sign-in that this part of the ID token refuses.
fn refuse(part: &'static str) -> ProviderError {
    ProviderError::with_code(LoginErrorKind::IdTokenRejected, part)
}
