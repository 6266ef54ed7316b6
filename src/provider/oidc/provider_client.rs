//! [`ProviderClient`] for an OpenID provider.
//!
//! A method `OidcClient::NAME` that is longer than a few lines stands in the file of its topic, and
//! `Self::NAME(self)` here calls it.

use serde_json::Value;

use super::{ProfileAt, client::OidcClient, events};
use crate::{
    audit::Ready,
    error::ProviderError,
    http_client::BoxFuture,
    provider::{
        AuthorizationRequest, CodeExchange, Freshness, Identity, ProviderClient, SignedIn,
        end_session::EndSession,
        event::{Event, EventError, EventMethods, EventResponses, VerifiedDeferred, VerifiedEvent},
        naver,
        outline::{Accepted, Outline},
        recheck::RecheckUnsupported,
        refused::Refused,
        revocation::Revoked,
    },
};

impl ProviderClient for OidcClient {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn authorization_url<'a>(
        &'a self,
        attempt: AuthorizationRequest<'a>,
    ) -> BoxFuture<'a, Result<String, ProviderError>> {
        Box::pin(Self::authorization_url(self, attempt))
    }

    fn sign_in<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<SignedIn, Refused>> {
        Box::pin(Self::sign_in(self, exchange))
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
        Self::outline(self)
    }

    fn accept<'a>(&'a self, document: &'a Value) -> BoxFuture<'a, Result<Accepted, ProviderError>> {
        Box::pin(Self::accept(self, document))
    }

    fn revoke<'a>(&'a self, token: &'a str) -> Revoked<'a> {
        Box::pin(Self::revoke(self, token))
    }

    fn ready(&self) -> Ready<'_> {
        Self::ready(self)
    }

    fn scopes(&self, _: bool) -> Vec<&str> {
        self.settings.requested_scopes()
    }

    fn announces_issuer(&self) -> bool {
        let known = self.discovery.cached();
        known.is_some_and(|known| known.metadata.sends_issuer)
    }

    fn event_methods(&self) -> Option<EventMethods> {
        Some(EventMethods::Post)
    }

    fn responses(&self, event: &Event<'_>) -> Option<&'static EventResponses> {
        Some(events::responses(event))
    }

    fn verify_event<'a>(
        &'a self,
        event: Event<'a>,
    ) -> BoxFuture<'a, Result<VerifiedEvent, EventError>> {
        Box::pin(Self::verify_event(self, event))
    }

    fn verify_deferred(&self) -> BoxFuture<'_, VerifiedDeferred> {
        Box::pin(Self::verify_deferred(self))
    }

    fn deferred_task_ended(&self) {
        self.deferred.task_ended();
    }

    fn end_session(&self) -> BoxFuture<'_, Option<EndSession>> {
        Box::pin(async {
            if self.settings.logs_out {
                self.sign_out_page().await
            } else {
                None
            }
        })
    }

    fn end_session_for_another(&self) -> BoxFuture<'_, Option<EndSession>> {
        Box::pin(async {
            if self.may_end_session_for_another() {
                self.sign_out_page().await
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
