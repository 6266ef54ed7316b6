//! [`ProviderClient`] for Google: the requests of a sign-in, and revocation.

use std::sync::Arc;

use rlibphonenumber::Region;
use secrecy::ExposeSecret;
use serde_json::Value;

use super::{ISSUER, people};
use crate::{
    calls::ClockDifference,
    clock::Clock,
    error::{LoginErrorKind, ProviderError},
    http_client::{BoxFuture, CallName},
    provider::{
        AuthorizationRequest, CodeExchange, Identity, PhoneClaim, Profile, ProviderClient,
        SignedIn, bearer,
        claims::ProviderClaims,
        client::Client,
        event::{
            Event, EventError, EventMethods, EventResponses, SECURITY_EVENT, SECURITY_EVENT_TYPE,
            VerifiedEvent,
        },
        issued::Tokens,
        json,
        oidc::{
            algorithm::Algorithm,
            auth_time,
            id_token::{self, Claims},
            keys::{FetchFor, Keys},
            refusal::Refusal,
        },
        outline::Outline,
        parameters::Parameters,
        recheck::RecheckUnsupported,
        refused::Refused,
        revocation::{self, Revoked, UnlinkTarget},
        token::TokenError,
    },
};

/// The scope of the People API's phone numbers. Users can deny it separately from the others.
pub(super) const PHONE_SCOPE: &str = "https://www.googleapis.com/auth/user.phonenumbers.read";
/// All requests have the same scopes, so that a second request for consent shows the same page.
const SCOPES: [&str; 4] = ["openid", "profile", "email", PHONE_SCOPE];
/// The issuer, and Google's older notation of it, which its documentation still permits.
const ISSUERS: [&str; 2] = [ISSUER, "accounts.google.com"];

/// The client of one registration at Google.
pub(super) struct GoogleClient {
    pub(super) identity: Identity,
    /// The client with fixed endpoints and a fixed authentication method.
    pub(super) client: Client,
    /// Google's key set, cached.
    pub(super) keys: Keys,
    /// The address of the user's own profile, limited to phone numbers.
    pub(super) people_endpoint: String,
    pub(super) revocation_endpoint: String,
    /// The setting `phone_region`.
    pub(super) region: Option<Region>,
    /// Further scopes of the settings.
    pub(super) scopes: Vec<String>,
    /// The setting `without_phone`.
    pub(super) without_phone: bool,
    pub(super) parameters: Parameters,
    pub(super) clock: Clock,
    /// Learned from ID tokens, and used for security events.
    pub(super) difference: Arc<ClockDifference>,
}

impl GoogleClient {
    /// Requests and reads the phone number of the user with this subject.
    async fn phone(&self, tokens: &Tokens, subject: &str) -> Result<PhoneClaim, ProviderError> {
        // Google lets the user untick single scopes. Without this check, the People API would
        // refuse the token with a less clear error.
        let granted = tokens.all.scope();
        if granted.is_some_and(|scope| !scope.split(' ').any(|item| item == PHONE_SCOPE)) {
            return Err(ProviderError::new(LoginErrorKind::PhoneNotShared));
        }
        let http = self.client.http();
        let response = bearer::get(http, &self.people_endpoint, &tokens.access_token).await?;
        let text = json::object(&response)?;
        let phone = people::read(response.status(), text, subject, self.region);
        phone.map_err(|error| error.in_call(json::call(&response)))
    }

    /// Verifies the ID token, with refetched keys if the cached ones do not fit, and learns from
    /// its `iat` how far Google's clock is away.
    async fn verified(&self, tokens: &Tokens, nonce: &str) -> Result<Claims, ProviderError> {
        let refuse = |part| ProviderError::with_code(LoginErrorKind::IdTokenRejected, part);
        let id_token = tokens.id_token.as_ref().ok_or_else(|| refuse("missing"))?;
        let id_token = id_token.expose_secret();
        let expected = id_token::Expected {
            issuers: &ISSUERS,
            client_id: &self.identity.client_id,
            trusted: &[],
            nonce,
            // For `at_hash`, which binds the access token to this ID token.
            access_token: Some(tokens.access_token.secret()),
            nonce_may_lack: false,
            now: self.clock.unix(),
        };
        let verified = self.keys.try_with(
            FetchFor::SignIn,
            |keys| id_token::verify(id_token, keys, &[Algorithm::Rs256], &expected),
            Refusal::is_of_key,
        );
        let claims = verified.await?.map_err(Refusal::error)?;
        let issued_at = auth_time::issued_at(&claims.all);
        self.difference
            .learn_from_id_token(&self.identity.issuer, issued_at, &self.clock);
        Ok(claims)
    }
}

impl ProviderClient for GoogleClient {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The URL of an authorization request. A second request for the phone number shows the consent
    /// page again. `include_granted_scopes` keeps the scopes that were granted before
    /// (<https://developers.google.com/identity/protocols/oauth2/web-server#incrementalAuth>).
    fn authorization_url<'a>(
        &'a self,
        attempt: AuthorizationRequest<'a>,
    ) -> BoxFuture<'a, Result<String, ProviderError>> {
        let mut extra = vec![("nonce", attempt.nonce)];
        let chooses = attempt.fresh || attempt.another_account;
        // Google has no `prompt=login`. For a fresh sign-in, the choice of the account is the
        // closest that it offers.
        let asks_for_phone = attempt.asks_for_phone && !self.without_phone;
        let prompt = match (asks_for_phone, chooses) {
            _ if attempt.recheck.is_some() => Some("none"),
            (true, true) => Some("select_account consent"),
            (true, false) => Some("consent"),
            (false, true) => Some("select_account"),
            (false, false) => None,
        };
        extra.extend(prompt.map(|prompt| ("prompt", prompt)));
        // Google accepts the subject as a hint, which chooses among the accounts of one browser.
        extra.extend(attempt.recheck.map(|known| ("login_hint", known.subject)));
        if asks_for_phone {
            extra.push(("include_granted_scopes", "true"));
        }
        let extra = self.parameters.joined(&extra, &attempt);
        let scopes = self.scopes(attempt.asks_for_phone);
        let url = self.client.authorization_url(attempt, &scopes, extra);
        Box::pin(async { Ok(url) })
    }

    fn sign_in<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<SignedIn, Refused>> {
        Box::pin(async move {
            // A code is valid once, so the step that can fail without the code comes first.
            self.keys.ready(FetchFor::SignIn).await?;
            let exchanged = self.client.exchange(exchange, &[], TokenError::standard);
            let tokens = exchanged.await?;
            let Claims { subject, all } = self.verified(&tokens, exchange.nonce).await?;
            // The ID token is valid, so the subject is known before the number is read.
            let phone = match self.without_phone {
                true => Err(ProviderError::new(LoginErrorKind::PhoneNotOnAccount)),
                false => self.phone(&tokens, &subject).await,
            };
            let text = |name: &str| all.get(name).and_then(Value::as_str).map(str::to_owned);
            // Google sends no `sid` and has no sign-out page, so neither it nor the ID token is
            // kept.
            let profile = Profile {
                proved_at: auth_time::read(&all, self.clock.unix()),
                issued_at: auth_time::issued_at(&all),
                sid: None,
                id_token: None,
                subject,
                phone,
                name: text("name"),
                email: text("email"),
                email_verified: all.get("email_verified").is_some_and(|flag| *flag == true),
                claims: ProviderClaims::new([all]),
            };
            Ok((profile, tokens.all))
        })
    }

    fn warm_up(&self) -> BoxFuture<'_, Result<(), ProviderError>> {
        Box::pin(self.keys.ready(FetchFor::SignIn))
    }

    fn scopes(&self, _: bool) -> Vec<&str> {
        let own = SCOPES.into_iter();
        let own = own.filter(|scope| !self.without_phone || *scope != PHONE_SCOPE);
        own.chain(self.scopes.iter().map(String::as_str)).collect()
    }

    fn outline(&self) -> Outline {
        let mut outline = Outline::new([
            (CallName::Token, self.client.token_endpoint()),
            (CallName::Keys, self.keys.uri().to_owned()),
        ]);
        if !self.without_phone {
            let people = self.people_endpoint.clone();
            outline.endpoints.push((CallName::Profile, people));
        }
        outline.verifies_tokens = true;
        outline
    }

    fn rechecks(&self) -> Result<(), RecheckUnsupported> {
        Ok(())
    }

    /// Google's endpoint needs no client authentication
    /// (<https://developers.google.com/identity/protocols/oauth2/web-server#tokenrevoke>).
    fn revoke<'a>(&'a self, token: &'a str) -> Revoked<'a> {
        Box::pin(async move {
            let (http, endpoint) = (self.client.http(), &self.revocation_endpoint);
            let response = revocation::post(http, endpoint, None, &[("token", token)]).await?;
            revocation::result(&response)
        })
    }

    /// Google revokes the whole grant with any token of it, so that revoking and unlinking are the
    /// same.
    fn unlink<'a>(&'a self, link: UnlinkTarget<'a>) -> Revoked<'a> {
        match link {
            UnlinkTarget::Token(token) => self.revoke(token),
            UnlinkTarget::Subject(_) => revocation::unsupported(),
        }
    }

    fn event_methods(&self) -> Option<EventMethods> {
        Some(EventMethods::Post)
    }

    fn responses(&self, event: &Event<'_>) -> Option<&'static EventResponses> {
        event
            .is_posted_as(SECURITY_EVENT_TYPE)
            .then_some(&SECURITY_EVENT)
    }

    fn verify_event<'a>(
        &'a self,
        event: Event<'a>,
    ) -> BoxFuture<'a, Result<VerifiedEvent, EventError>> {
        Box::pin(Self::verify_event(self, event))
    }
}
