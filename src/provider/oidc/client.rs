//! Sign-in at an OpenID provider, and [`ProviderClient`] for it.
//!
//! A sign-in takes up to four calls, in this order: metadata and keys (usually cached), the code
//! exchange, and userinfo if the ID token lacks the phone number. Metadata and keys come first,
//! because a code is valid once. A step that can fail without the code must fail before the code is
//! used.

use std::sync::Arc;

use secrecy::ExposeSecret;
use serde_json::Value;

use super::{
    ProfileAt, auth_time, claims,
    connected::{Discovered, OidcClient},
    describe, events,
    id_token::{self, Claims, refuse},
    keys::FetchFor,
    trust::Signed,
    userinfo_fetch::log_algorithm,
};
use crate::{
    audit::Ready,
    error::{LoginErrorKind, Mismatch, ProviderError},
    http_client::BoxFuture,
    provider::{
        AuthorizationRequest, CodeExchange, Freshness, Identity, Profile, ProviderClient, SignedIn,
        bearer,
        end_session::EndSession,
        event::{Event, EventError, EventResponses, VerifiedDeferred, VerifiedEvent},
        issued::Tokens,
        json, naver,
        outline::{Accepted, Outline},
        recheck::{RecheckUnsupported, RecheckedUser},
        refused::Refused,
        revocation::Revoked,
        token::TokenError,
    },
};

impl OidcClient {
    /// The parameters that make the provider show a page: consent, the choice of an account, or a
    /// fresh sign-in (Core section 3.1.2.1). Naver has a parameter of its own for them.
    pub(super) fn prompt_parameters(
        &self,
        attempt: AuthorizationRequest<'_>,
    ) -> &'static [(&'static str, &'static str)] {
        let (asks_for_phone, fresh) = (attempt.asks_for_phone, attempt.fresh);
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

    /// The sign-in: metadata and keys, code exchange, ID token, userinfo if it is needed, profile.
    /// An error about the profile carries the ID token, with which the refusal page can offer
    /// another account.
    async fn signed_in(&self, exchange: CodeExchange<'_>) -> Result<SignedIn, Refused> {
        let discovered = self.with_keys_ready().await?;
        // RFC 9207 section 2.4 refuses a callback without `iss`, if the metadata announce it. With
        // cached metadata `flow` has done so already. These metadata may have been fetched just
        // now.
        if discovered.metadata.sends_issuer && exchange.issuer.is_none() {
            let mismatch = Mismatch::new(&self.settings.issuer, describe::MISSING);
            return Err(ProviderError::issuer_missing().differing(mismatch).into());
        }
        let tokens = discovered
            .client
            .exchange(exchange, &[], TokenError::standard)
            .await?;
        let claims = self.verified(&discovered, &tokens, exchange).await?;
        if self.settings.profile == ProfileAt::Naver {
            // Naver's profile API is no userinfo, so the claims are read in another way.
            let profile = self.at_naver(&discovered, &tokens, claims).await?;
            return Ok((profile, tokens.all));
        }
        // The times are read before the claims are moved.
        let proved_at = auth_time::read(&claims.all, self.clock.unix());
        let issued_at = auth_time::issued_at(&claims.all);
        let userinfo = self.userinfo_claims(&discovered, &tokens, &claims).await?;
        let Claims { subject, all } = claims;
        let userinfo = userinfo.as_ref();
        let missing = || {
            let granted = tokens.all.scope();
            self.missing_phone(&discovered, granted, [Some(&all), userinfo])
        };
        let reading = &self.settings.claim_rules;
        let profile = reading.profile(subject, &all, userinfo, missing);
        // The refusal page may offer another account, for which it needs the ID token.
        let mut profile = profile.map_err(|error| Refused {
            error,
            id_token: tokens.id_token.clone(),
        })?;
        (profile.proved_at, profile.issued_at) = (proved_at, issued_at);
        profile.id_token = tokens.id_token;
        Ok((profile, tokens.all))
    }

    /// The profile at Naver. Naver's profile API has another identifier of the user than the ID
    /// token. The ID token's subject counts, because the signature covers it.
    async fn at_naver(
        &self,
        discovered: &Discovered,
        tokens: &Tokens,
        Claims { subject, all }: Claims,
    ) -> Result<Profile, ProviderError> {
        let endpoint = discovered.metadata.userinfo_endpoint.as_ref();
        let endpoint = endpoint.ok_or_else(|| ProviderError::new(LoginErrorKind::Misconfigured))?;
        let response = bearer::get(&*self.http, endpoint.as_str(), &tokens.access_token).await?;
        let profile = naver::read_profile(response.status(), json::object(&response)?);
        let profile = profile.map_err(|error| error.in_call(json::call(&response)))?;
        Ok(Profile {
            subject,
            sid: claims::session(&all),
            proved_at: auth_time::read(&all, self.clock.unix()),
            issued_at: auth_time::issued_at(&all),
            ..profile
        })
    }

    /// Verifies the ID token, and learns from its `iat` how far the provider's clock is away.
    async fn verified(
        &self,
        discovered: &Arc<Discovered>,
        tokens: &Tokens,
        exchange: CodeExchange<'_>,
    ) -> Result<Claims, ProviderError> {
        let id_token = tokens.id_token.as_ref().ok_or_else(|| {
            let mismatch = Mismatch::new("id_token in the token answer", describe::MISSING);
            refuse("missing").differing(mismatch)
        })?;
        let expected = id_token::Expected {
            issuers: &[&self.settings.issuer],
            client_id: &self.settings.registration.client_id,
            trusted: &self.settings.trusted_audiences,
            nonce: exchange.nonce,
            // Naver documents no nonce. The state and PKCE still bind the code to this browser.
            nonce_may_lack: self.settings.profile == ProfileAt::Naver,
            access_token: Some(tokens.access_token.secret()),
            now: self.clock.unix(),
        };
        let id_token = id_token.expose_secret();
        let by = (FetchFor::SignIn, Signed::Token);
        let verified = self.verified_by(discovered, by, |keys, algorithms| {
            id_token::verify(id_token, keys, algorithms, &expected)
        });
        let claims = verified.await?.map_err(|refusal| {
            log_algorithm(&refusal, "id_token");
            refusal.error()
        })?;
        let issued_at = auth_time::issued_at(&claims.all);
        self.difference
            .learn_from_id_token(&self.settings.issuer, issued_at, &self.clock);
        Ok(claims)
    }
}

/// The parameters of a request without a page (Core section 3.1.2.1). The email address selects the
/// account if the browser has several. Core does not say that a subject is accepted as a hint.
pub(super) fn recheck_parameters(known: RecheckedUser<'_>) -> impl Iterator<Item = (&str, &str)> {
    let hint = known.email.map(|email| ("login_hint", email));
    [("prompt", "none")].into_iter().chain(hint)
}

impl ProviderClient for OidcClient {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn authorization_url<'a>(
        &'a self,
        attempt: AuthorizationRequest<'a>,
    ) -> BoxFuture<'a, Result<String, ProviderError>> {
        Box::pin(self.url(attempt))
    }

    fn sign_in<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<SignedIn, Refused>> {
        Box::pin(self.signed_in(exchange))
    }

    /// A request with `max_age` makes `auth_time` mandatory in the ID token (Core section 3.1.2.1).
    /// Naver documents neither of them.
    fn freshness(&self) -> Freshness {
        match self.settings.profile {
            ProfileAt::Userinfo => Freshness::Proved,
            ProfileAt::Naver => Freshness::Asked,
        }
    }

    /// Core section 3.1.2.1 requires every server to support `prompt`. The documentation of Naver
    /// does not mention it.
    fn rechecks(&self) -> Result<(), RecheckUnsupported> {
        match self.settings.profile {
            ProfileAt::Userinfo => Ok(()),
            ProfileAt::Naver => Err(naver::RECHECK_UNSUPPORTED),
        }
    }

    fn outline(&self) -> Outline {
        self.outlined()
    }

    fn accept<'a>(&'a self, document: &'a Value) -> BoxFuture<'a, Result<Accepted, ProviderError>> {
        Box::pin(self.accepted(document))
    }

    fn revoke<'a>(&'a self, token: &'a str) -> Revoked<'a> {
        Box::pin(self.revoke_at(token))
    }

    fn ready(&self) -> Ready<'_> {
        Self::ready(self)
    }

    fn scopes(&self, _: bool) -> Vec<&str> {
        self.settings.requested_scopes()
    }

    fn announces_issuer(&self) -> bool {
        self.has_announced_issuer()
    }

    fn event_methods(&self) -> Option<&'static str> {
        Some("POST")
    }

    fn responses(&self, event: &Event<'_>) -> Option<&'static EventResponses> {
        Some(events::responses(event))
    }

    fn verify_event<'a>(
        &'a self,
        event: Event<'a>,
    ) -> BoxFuture<'a, Result<VerifiedEvent, EventError>> {
        Box::pin(self.verified_event(event))
    }

    fn verify_deferred(&self) -> BoxFuture<'_, VerifiedDeferred> {
        Box::pin(self.verify_deferred_tokens())
    }

    fn deferred_task_ended(&self) {
        self.deferred.task_ended();
    }

    fn end_session(&self) -> BoxFuture<'_, Option<EndSession>> {
        Box::pin(async {
            let wanted = self.settings.logs_out;
            if wanted {
                self.end_of_session().await
            } else {
                None
            }
        })
    }

    fn end_session_for_another(&self) -> BoxFuture<'_, Option<EndSession>> {
        Box::pin(async {
            let wanted = self.may_end_session_for_another();
            if wanted {
                self.end_of_session().await
            } else {
                None
            }
        })
    }

    /// By default, the link for another account ends the session at the provider first. Naver has
    /// no sign-out page.
    fn may_end_session_for_another(&self) -> bool {
        self.settings.profile == ProfileAt::Userinfo && !self.settings.another_account_by_prompt
    }

    fn keeps_id_tokens(&self) -> bool {
        self.settings.logs_out
    }

    fn warm_up(&self) -> BoxFuture<'_, Result<(), ProviderError>> {
        Box::pin(async { self.with_keys_ready().await.map(|_| ()) })
    }
}
