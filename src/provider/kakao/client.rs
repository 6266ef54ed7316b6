//! [`ProviderClient`] for Kakao. A sign-in has three requests: the authorization request by the
//! browser, the code exchange, and the profile.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use oauth2::AccessToken;
use secrecy::SecretString;

use super::{PHONE, error, profile};
use crate::{
    calls::ClockDifference,
    clock::Clock,
    error::ProviderError,
    http_client::{BoxFuture, CallName},
    provider::{
        AuthorizationRequest, CodeExchange, Freshness, Identity, Profile, ProviderClient, SignedIn,
        bearer,
        client::Client,
        end_session::EndSession,
        event::{Event, EventError, EventResponses, VerifiedEvent},
        json,
        oidc::keys::Keys,
        outline::Outline,
        parameters::Parameters,
        recheck::RecheckUnsupported,
        refused::Refused,
        revocation::{Revoked, UnlinkTarget},
    },
};

const OPENID: &str = "openid";

/// The client of one app at Kakao.
pub(super) struct KakaoClient {
    pub(super) identity: Identity,
    pub(super) client: Client,
    pub(super) profile_endpoint: String,
    pub(super) logout_endpoint: String,
    pub(super) unlink_endpoint: String,
    pub(super) scopes: Vec<String>,
    pub(super) parameters: Parameters,
    pub(super) end_session: Option<EndSession>,
    pub(super) admin_key: Option<SecretString>,
    pub(super) keys: Keys,
    /// The setting `openid_connect`.
    pub(super) openid_connect: bool,
    /// An ID token came with a sign-in, so that OpenID Connect is on in Kakao's console.
    pub(super) sends_id_tokens: AtomicBool,
    pub(super) clock: Clock,
    pub(super) difference: Arc<ClockDifference>,
}

impl KakaoClient {
    /// Whether OpenID Connect is on in the console, as far as that is known.
    fn has_openid_connect(&self) -> bool {
        self.openid_connect || self.sends_id_tokens.load(Ordering::Relaxed)
    }

    /// The scopes of a request. Without `scope`, Kakao asks a new user for the items of the
    /// console, and redirects every other user straight back. With `scope` it shows its consent
    /// page again, but sends an ID token only if `openid` is among the items; and it refuses
    /// `openid` (KOE205) while OpenID Connect is off.
    fn requested_scopes(&self, asks_for_phone: bool) -> Vec<&str> {
        let mut scopes: Vec<&str> = self.scopes.iter().map(String::as_str).collect();
        if asks_for_phone && !scopes.contains(&PHONE) {
            scopes.push(PHONE);
        }
        if !scopes.is_empty() && !scopes.contains(&OPENID) && self.has_openid_connect() {
            scopes.push(OPENID);
        }
        scopes
    }

    /// Requests and reads the profile.
    async fn profile(&self, token: &AccessToken) -> Result<Profile, ProviderError> {
        let response = bearer::get(self.client.http(), &self.profile_endpoint, token).await?;
        let text = json::object(&response)?;
        let profile = if response.status().is_success() {
            json::parse::<profile::Me>(text).and_then(profile::Me::into_profile)
        } else {
            Err(error::profile(response.status(), text))
        };
        profile.map_err(|error| error.in_call(json::call(&response)))
    }
}

impl ProviderClient for KakaoClient {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn authorization_url<'a>(
        &'a self,
        attempt: AuthorizationRequest<'a>,
    ) -> BoxFuture<'a, Result<String, ProviderError>> {
        let scopes = self.requested_scopes(attempt.asks_for_phone);
        // Kakao ignores the nonce unless it sends an ID token.
        let mut extra = vec![("nonce", attempt.nonce)];
        if attempt.recheck.is_some() {
            extra.push(("prompt", "none"));
        } else if attempt.fresh {
            extra.push(("prompt", "login"));
        } else if attempt.another_account {
            extra.push(("prompt", "select_account"));
        }
        let extra = self.parameters.beside(&extra, &attempt);
        let url = self.client.authorization_url(attempt, &scopes, extra);
        Box::pin(async { Ok(url) })
    }

    /// The profile identifies the user. An ID token proves when the user last authenticated.
    fn sign_in<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<SignedIn, Refused>> {
        Box::pin(async move {
            let tokens = self.client.exchange(exchange, &[], error::token).await?;
            let proof = self.proof(&tokens, exchange.nonce).await?;
            let mut profile = self.profile(&tokens.access_token).await?;
            if let Some(proof) = proof {
                proof.complete(&mut profile)?;
            }
            Ok((profile, tokens.all))
        })
    }

    fn scopes(&self, asks_for_phone: bool) -> Vec<&str> {
        self.requested_scopes(asks_for_phone)
    }

    /// Keys are fetched only if an ID token comes with a sign-in.
    fn outline(&self) -> Outline {
        let token = self.client.token_endpoint();
        let mut outline = Outline::new([
            (CallName::Token, token),
            (CallName::Profile, self.profile_endpoint.clone()),
        ]);
        if self.has_openid_connect() {
            let keys = self.keys.uri().to_owned();
            outline.endpoints.push((CallName::Keys, keys));
        }
        outline.verifies_tokens = self.has_openid_connect();
        outline.comes_back = self.end_session.is_some();
        outline
    }

    fn rechecks(&self) -> Result<(), RecheckUnsupported> {
        if self.openid_connect {
            return Ok(());
        }
        Err(RecheckUnsupported {
            problem: "answers without a page only with OpenID Connect",
            remedy: "switch OpenID Connect on in Kakao's console and by openid_connect(), or leave \
                     recheck_after out",
        })
    }

    fn freshness(&self) -> Freshness {
        if self.has_openid_connect() {
            Freshness::Proved
        } else {
            Freshness::Asked
        }
    }

    fn end_session(&self) -> BoxFuture<'_, Option<EndSession>> {
        Box::pin(async { self.end_session.clone() })
    }

    fn revoke<'a>(&'a self, token: &'a str) -> Revoked<'a> {
        Box::pin(self.log_out(token))
    }

    fn unlink<'a>(&'a self, link: UnlinkTarget<'a>) -> Revoked<'a> {
        Box::pin(self.unlink_at(link))
    }

    fn event_methods(&self) -> Option<&'static str> {
        Some(if self.admin_key.is_some() {
            "GET, POST"
        } else {
            "POST"
        })
    }

    fn responses(&self, event: &Event<'_>) -> Option<&'static EventResponses> {
        self.event_responses(event)
    }

    fn verify_event<'a>(
        &'a self,
        event: Event<'a>,
    ) -> BoxFuture<'a, Result<VerifiedEvent, EventError>> {
        Box::pin(self.verified_event(event))
    }
}
