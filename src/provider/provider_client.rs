//! The interface between a provider's client and the flow.

use secrecy::SecretString;
use serde_json::Value;

use super::{
    callback_parameters::CallbackParameters,
    end_session::EndSession,
    event::{Event, EventError, EventMethods, EventResponses, VerifiedDeferred, VerifiedEvent},
    identity::Identity,
    outline::{Accepted, Outline},
    profile::Profile,
    recheck::{RecheckUnsupported, RecheckedUser},
    refused::Refused,
    revocation::{self, Revoked, UnlinkTarget},
    tokens::ProviderTokens,
};
use crate::{
    audit::Ready,
    error::{LoginErrorKind, ProviderError},
    http_client::BoxFuture,
};

/// The client of one provider. `flow` calls it, and knows no provider by name. All its responses
/// are untrusted until they are checked.
///
/// Methods with a default body are for features that not every provider has.
pub(crate) trait ProviderClient: Send + Sync {
    /// The family, the issuer and the sign-in button.
    fn identity(&self) -> &Identity;

    /// The URL of an authorization request (RFC 6749 section 4.1.1). An OpenID provider may have to
    /// fetch its metadata first, so the URL is a future.
    fn authorization_url<'a>(
        &'a self,
        attempt: AuthorizationRequest<'a>,
    ) -> BoxFuture<'a, Result<String, ProviderError>>;

    /// Whether the parameter `iss` of a callback (RFC 9207) may be this provider's. A callback
    /// without `iss` is checked by [`announces_issuer`](Self::announces_issuer).
    fn is_issuer(&self, sent: &str) -> bool {
        sent == self.identity().issuer
    }

    /// The scopes of a request, for the log. With `asks_for_phone`, those of the second request,
    /// which asks for consent to the phone number.
    fn scopes(&self, _asks_for_phone: bool) -> Vec<&str> {
        Vec::new()
    }

    /// Whether a callback must have `iss` (RFC 9207 section 2.4), as far as that is known without
    /// the network. `false` before the metadata are fetched; the client then checks the callback
    /// itself.
    fn announces_issuer(&self) -> bool {
        false
    }

    /// Fetches the documents for which the first sign-in would otherwise wait. An error changes
    /// nothing, since the sign-in fetches them again.
    fn warm_up(&self) -> BoxFuture<'_, Result<(), ProviderError>> {
        Box::pin(async { Ok(()) })
    }

    /// The summary for the log line at the start of the application.
    fn ready(&self) -> Ready<'_> {
        Ready {
            issuer: &self.identity().issuer,
            scopes: self.scopes(false).join(" "),
            ..Ready::default()
        }
    }

    /// The HTTP methods of the provider's events. `None` if it sends none.
    fn event_methods(&self) -> Option<EventMethods> {
        None
    }

    /// The status codes for an event. `None` if no event of this form is known.
    fn responses(&self, _: &Event<'_>) -> Option<&'static EventResponses> {
        None
    }

    /// Verifies an event and returns its effects. The client ends no session itself.
    fn verify_event<'a>(
        &'a self,
        _: Event<'a>,
    ) -> BoxFuture<'a, Result<VerifiedEvent, EventError>> {
        Box::pin(async { Err(EventError::Unproved) })
    }

    /// Verifies the events that wait for newer keys. The caller calls this again after the pause
    /// that the result names.
    fn verify_deferred(&self) -> BoxFuture<'_, VerifiedDeferred> {
        Box::pin(async { VerifiedDeferred::default() })
    }

    /// The task that verified deferred events has ended, for example with its runtime. The next
    /// deferred event starts another one.
    fn deferred_task_ended(&self) {}

    /// The provider's sign-out page. `None` if the setting is off, or the provider has no such
    /// page.
    fn end_session(&self) -> BoxFuture<'_, Option<EndSession>> {
        Box::pin(async { None })
    }

    /// Whether a session stores its ID token for the provider's sign-out page.
    fn keeps_id_tokens(&self) -> bool {
        false
    }

    /// The provider's sign-out page for users who want another account. `None` if there is none.
    /// The next authorization request then asks the provider to show the choice of accounts.
    fn end_session_for_another(&self) -> BoxFuture<'_, Option<EndSession>> {
        Box::pin(async { None })
    }

    /// Whether [`end_session_for_another`](Self::end_session_for_another) may have a page, without
    /// the network.
    fn may_end_session_for_another(&self) -> bool {
        false
    }

    /// Whether the provider proves a fresh sign-in, as far as that is known.
    fn freshness(&self) -> Freshness {
        Freshness::Asked
    }

    /// The settings without secrets, for the doctor.
    fn outline(&self) -> Outline;

    /// The endpoints that the client takes from a metadata document, for the doctor. An error for a
    /// provider without metadata.
    fn accept<'a>(&'a self, _: &'a Value) -> BoxFuture<'a, Result<Accepted, ProviderError>> {
        Box::pin(async { Err(ProviderError::new(LoginErrorKind::Misconfigured)) })
    }

    /// Whether rechecks without a page work with these settings. The error names problem and
    /// remedy.
    fn rechecks(&self) -> Result<(), RecheckUnsupported>;

    /// Revokes a token that the application stored. A token that is not known any more counts as
    /// revoked.
    fn revoke<'a>(&'a self, _token: &'a str) -> Revoked<'a> {
        revocation::unsupported()
    }

    /// Removes the user's link to the application, with consent and all tokens.
    fn unlink<'a>(&'a self, _link: UnlinkTarget<'a>) -> Revoked<'a> {
        revocation::unsupported()
    }

    /// Exchanges the code and reads the user's profile. A profile without a phone number is refused
    /// with the reason. A second request for consent may help after `PhoneNotShared` only.
    fn sign_in<'a>(
        &'a self,
        exchange: CodeExchange<'a>,
    ) -> BoxFuture<'a, Result<SignedIn, Refused>>;
}

/// The provider's part in routes that require a fresh sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// The provider states the time of the user's last authentication (OpenID Connect `auth_time`).
    Proved,
    /// The provider can be asked to authenticate the user, but no response proves that it did.
    Asked,
}

/// The profile of the user, and the tokens for the application.
pub(crate) type SignedIn = (Profile, ProviderTokens);

/// The values of one authorization request.
#[derive(Clone, Copy)]
pub(crate) struct AuthorizationRequest<'a> {
    /// Binds the callback to this browser (RFC 6749 section 10.12).
    pub(crate) state: &'a str,
    /// Binds the ID token to this sign-in (OpenID Connect Core section 3.1.2.1).
    pub(crate) nonce: &'a str,
    /// The PKCE verifier. The request carries its hash (RFC 7636 section 4.2).
    pub(crate) code_verifier: &'a SecretString,
    /// Ask for the phone number a second time.
    pub(crate) asks_for_phone: bool,
    /// Have the user authenticate again, even with a session at the provider.
    pub(crate) fresh: bool,
    /// Let the user choose the account, even with a session at the provider.
    pub(crate) another_account: bool,
    /// The user whose session at the provider is checked, without a page. `None` for a sign-in.
    pub(crate) recheck: Option<RecheckedUser<'a>>,
    /// The provider answered that it must show a page, and this is the second request, which
    /// permits one.
    pub(crate) retried: bool,
    /// The hint of the sign-in link (OpenID Connect Core section 3.1.2.1). Never logged, because it
    /// identifies the user.
    pub(crate) login_hint: Option<&'a str>,
}

/// The values of a callback, with the verifier of its sign-in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CodeExchange<'a> {
    /// The code, which is valid once.
    pub(crate) code: &'a SecretString,
    pub(crate) code_verifier: &'a SecretString,
    /// Naver requires the state again at the token endpoint.
    pub(crate) state: &'a str,
    pub(crate) nonce: &'a str,
    /// The parameter `iss` (RFC 9207). `None` if the callback has none.
    pub(crate) issuer: Option<&'a str>,
    /// All parameters of the callback, for a provider whose protocol has further ones.
    pub(crate) callback: &'a CallbackParameters,
}
