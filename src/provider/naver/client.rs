//! [`ProviderClient`] for Naver's classic OAuth 2.0, below `/oauth2.0/`.

use super::{profile, unlink};
use crate::{
    clock::Clock,
    error::{LoginErrorKind, ProviderError},
    http_client::{BoxFuture, CallName},
    provider::{
        AuthorizationRequest, CodeExchange, Identity, ProviderClient, SignedIn, bearer,
        client::Client,
        event::{Event, EventError, EventMethods, EventResponses, VerifiedEvent},
        json, oauth_error,
        outline::Outline,
        parameters::Parameters,
        recheck::RecheckUnsupported,
        refused::Refused,
        revocation::{self, Revoked, UnlinkTarget},
        token::TokenError,
    },
};
use secrecy::SecretString;
use url::Url;

/// The client of one application at Naver.
pub(super) struct NaverClient {
    pub(super) identity: Identity,
    pub(super) client: Client,
    /// `/v1/nid/me`.
    pub(super) profile_endpoint: String,
    /// `/oauth2.0/revoke`, which ends the link to the application.
    pub(super) revocation_endpoint: Url,
    /// Verifies and decrypts unlink notices.
    pub(super) client_secret: Option<SecretString>,
    pub(super) parameters: Parameters,
    /// The setting `without_phone`.
    pub(super) without_phone: bool,
    pub(super) clock: Clock,
}

/// The error for a refusal of the token endpoint. For a used or unknown code, Naver sends
/// `invalid_request` with status 200.
fn refused(error: &TokenError) -> ProviderError {
    match error.name() {
        "invalid_request" => {
            ProviderError::with_code(LoginErrorKind::CodeRejected, "invalid_request")
        }
        _ => oauth_error::refused(error.name(), error.status),
    }
}

/// The parameter `auth_type`. Naver documents single values. The list is for a user who must both
/// sign in again and share the number, since the parameter cannot be repeated.
pub(crate) fn auth_type(
    asks_for_phone: bool,
    fresh: bool,
) -> &'static [(&'static str, &'static str)] {
    match (asks_for_phone, fresh) {
        (true, true) => &[("auth_type", "reauthenticate,reprompt")],
        (true, false) => &[("auth_type", "reprompt")],
        (false, true) => &[("auth_type", "reauthenticate")],
        (false, false) => &[],
    }
}

/// Rechecks do not work. Naver documents no parameter but `auth_type`, and no value of it reliably
/// leaves the page out: `autologin` is for Naver's own in-app browser.
pub(crate) const RECHECK_UNSUPPORTED: RecheckUnsupported = RecheckUnsupported {
    problem: "has no request without a page",
    remedy: "leave recheck_after out, and shorten session_lifetime instead",
};

impl ProviderClient for NaverClient {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The URL of an authorization request. `auth_type=reprompt` shows the consent page again, for
    /// the items that the user left out.
    fn authorization_url<'a>(
        &'a self,
        attempt: AuthorizationRequest<'a>,
    ) -> BoxFuture<'a, Result<String, ProviderError>> {
        let asks = attempt.fresh || attempt.another_account;
        let extra = auth_type(attempt.asks_for_phone && !self.without_phone, asks);
        // Naver documents no `login_hint`, which could hold a phone number, so it is not sent.
        let attempt = AuthorizationRequest {
            login_hint: None,
            ..attempt
        };
        let extra = self.parameters.beside(extra, &attempt);
        let url = self.client.authorization_url(attempt, &[], extra);
        Box::pin(async { Ok(url) })
    }

    fn outline(&self) -> Outline {
        let token = self.client.token_endpoint();
        let profile = self.profile_endpoint.clone();
        Outline::new([(CallName::Token, token), (CallName::Profile, profile)])
    }

    fn rechecks(&self) -> Result<(), RecheckUnsupported> {
        Err(RECHECK_UNSUPPORTED)
    }

    fn sign_in<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<SignedIn, Refused>> {
        Box::pin(async move {
            // Naver requires the state again.
            let state = [("state", exchange.state)];
            let tokens = self.client.exchange(exchange, &state, refused).await?;
            let http = self.client.http();
            let response = bearer::get(http, &self.profile_endpoint, &tokens.access_token).await?;
            let profile = profile::read(response.status(), json::object(&response)?);
            let profile = profile.map_err(|error| error.in_call(json::call(&response)))?;
            let profile = match self.without_phone {
                true => profile.without_number(),
                false => profile.in_call(json::call(&response)),
            };
            Ok((profile, tokens.all))
        })
    }

    /// Naver's revocation always ends the link to the application, so it serves as unlink only. The
    /// status alone is the result, because the body of a success is empty. Naver answers 200 for
    /// unknown tokens as well.
    fn unlink<'a>(&'a self, link: UnlinkTarget<'a>) -> Revoked<'a> {
        let UnlinkTarget::Token(token) = link else {
            return revocation::unsupported();
        };
        Box::pin(async move {
            // The hint saves Naver a search among refresh tokens (RFC 7009 section 2.1).
            let pairs = [("token", token), ("token_type_hint", "access_token")];
            let pairs = pairs.map(|(name, value)| (name.into(), value.into()));
            let endpoint = (CallName::Revocation, &self.revocation_endpoint);
            let response = self.client.post(endpoint, pairs.into_iter()).await?;
            revocation::result(&response)
        })
    }

    fn event_methods(&self) -> Option<EventMethods> {
        Some(EventMethods::Post)
    }

    fn responses(&self, event: &Event<'_>) -> Option<&'static EventResponses> {
        event.is_form().then_some(&unlink::UNLINK)
    }

    fn verify_event<'a>(
        &'a self,
        event: Event<'a>,
    ) -> BoxFuture<'a, Result<VerifiedEvent, EventError>> {
        Box::pin(async move {
            let secret = self.client_secret.as_ref().ok_or(EventError::Unproved)?;
            unlink::read(event, &self.identity.client_id, secret, self.clock.unix())
        })
    }
}
