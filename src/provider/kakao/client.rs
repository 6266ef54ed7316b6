//! [`ProviderClient`] for Kakao. A sign-in has three requests: the authorization request by the
//! browser, the code exchange, and the profile.
//!
//! `events.rs` verifies events, `revocation.rs` revokes tokens and unlinks users, and `proof.rs`
//! reads ID tokens. `Self::NAME(self)` below calls the method of that name there.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use oauth2::AccessToken;
use secrecy::SecretString;

use super::{PHONE, error, profile};
use crate::{
    calls::{self, ClockDifference},
    clock::Clock,
    error::ProviderError,
    http_client::{BoxFuture, CallName},
    provider::{
        AuthorizationRequest, CodeExchange, Freshness, Identity, Profile, ProviderClient, SignedIn,
        bearer,
        claims::ProviderClaims,
        client::Client,
        end_session::EndSession,
        event::{Event, EventError, EventMethods, EventResponses, VerifiedEvent},
        json,
        oidc::keys::Keys,
        outline::Outline,
        parameters::Parameters,
        recheck::RecheckUnsupported,
        refused::Refused,
        revocation::{Revoked, UnlinkTarget},
    },
};

/// The scope of OpenID Connect, which Kakao treats as one more consent item.
const OPENID: &str = "openid";

/// The client of one app at Kakao.
pub(super) struct KakaoClient {
    pub(super) identity: Identity,
    pub(super) client: Client,
    /// `/v2/user/me`. The endpoints differ from Kakao's in tests only.
    pub(super) profile_endpoint: String,
    /// Revokes a token.
    pub(super) logout_endpoint: String,
    /// Removes the link to the application.
    pub(super) unlink_endpoint: String,
    /// The setting `scope`. Empty means that Kakao asks for the items of the console.
    pub(super) scopes: Vec<String>,
    pub(super) parameters: Parameters,
    /// The logout page, if the setting `logout_at_provider` is on.
    pub(super) end_session: Option<EndSession>,
    /// The setting `admin_key`.
    pub(super) admin_key: Option<SecretString>,
    /// Kakao's key set, cached. It is fetched for the first ID token or security event.
    pub(super) keys: Keys,
    /// The setting `openid_connect`.
    pub(super) openid_connect: bool,
    /// The setting `without_phone`.
    pub(super) without_phone: bool,
    /// An ID token came with a sign-in, so that OpenID Connect is on in Kakao's console. From then
    /// on, requests may ask for `openid`, and fresh sign-ins can be proved.
    pub(super) sends_id_tokens: AtomicBool,
    pub(super) clock: Clock,
    pub(super) difference: Arc<ClockDifference>,
}

impl KakaoClient {
    /// Whether OpenID Connect is on in the console, as far as that is known: by the setting, or by
    /// an ID token that came.
    fn has_openid_connect(&self) -> bool {
        self.openid_connect || self.sends_id_tokens.load(Ordering::Relaxed)
    }

    /// Requests and reads the profile. The body decides between a profile and an error of the API.
    async fn profile(&self, token: &AccessToken) -> Result<Profile, ProviderError> {
        let response = bearer::get(self.client.http(), &self.profile_endpoint, token).await?;
        let text = json::object(&response)?;
        let profile = if response.status().is_success() {
            json::parse::<profile::Me>(text)
                .and_then(profile::Me::into_profile)
                .and_then(|profile| {
                    Ok(Profile {
                        claims: ProviderClaims::new([json::parse(text)?]),
                        ..profile
                    })
                })
        } else {
            Err(error::profile(response.status(), text, !self.without_phone))
        };
        let profile = match self.without_phone {
            true => profile.map(Profile::without_number),
            false => profile,
        };
        let profile = profile.map(|profile| profile.in_call(json::call(&response)));
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
        let scopes = self.scopes(attempt.asks_for_phone);
        // Without OpenID Connect, Kakao ignores the nonce.
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

    /// Exchanges the code and reads the profile. The profile identifies the user. An ID token
    /// proves when the user last authenticated.
    fn sign_in<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<SignedIn, Refused>> {
        Box::pin(async move {
            let tokens = self.client.exchange(exchange, &[], error::token).await?;
            // The ID token comes before the profile, because a sign-in that it contradicts must not
            // go on. The keys may be missing, so they leave time for the profile.
            let proof = calls::optional(self.proof(&tokens, exchange.nonce)).await?;
            let mut profile = self.profile(&tokens.access_token).await?;
            if let Some(proof) = proof {
                proof.complete(&mut profile)?;
            }
            Ok((profile, tokens.all))
        })
    }

    /// Without `scope`, Kakao asks a new user for the items of the console, and redirects every
    /// other user straight back. With `scope`, Kakao shows its consent page again. It then sends an
    /// ID token only if `openid` is among the items, but refuses `openid` (KOE205) while OpenID
    /// Connect is off.
    fn scopes(&self, asks_for_phone: bool) -> Vec<&str> {
        let mut scopes: Vec<&str> = self.scopes.iter().map(String::as_str).collect();
        if asks_for_phone && !self.without_phone && !scopes.contains(&PHONE) {
            scopes.push(PHONE);
        }
        if !scopes.is_empty() && !scopes.contains(&OPENID) && self.has_openid_connect() {
            scopes.push(OPENID);
        }
        scopes
    }

    /// Keys are among the endpoints only if Kakao sends ID tokens, because they are not fetched
    /// otherwise.
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

    /// The setting alone counts, and not an ID token that came, because rechecks are checked when
    /// the layer is built.
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
        Box::pin(Self::revoke(self, token))
    }

    fn unlink<'a>(&'a self, link: UnlinkTarget<'a>) -> Revoked<'a> {
        Box::pin(Self::unlink(self, link))
    }

    /// Security events are posted. The unlink webhook may be a GET, and needs the admin key.
    fn event_methods(&self) -> Option<EventMethods> {
        Some(if self.admin_key.is_some() {
            EventMethods::GetAndPost
        } else {
            EventMethods::Post
        })
    }

    fn responses(&self, event: &Event<'_>) -> Option<&'static EventResponses> {
        Self::responses(self, event)
    }

    fn verify_event<'a>(
        &'a self,
        event: Event<'a>,
    ) -> BoxFuture<'a, Result<VerifiedEvent, EventError>> {
        Box::pin(Self::verify_event(self, event))
    }
}
