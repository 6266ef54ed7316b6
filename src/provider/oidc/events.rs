//! Events of an OpenID provider. The content type distinguishes logout tokens from security event
//! tokens.

use http::StatusCode;

use super::{client::OidcClient, refusal::Refusal, security_event::Stream};
use crate::provider::event::{
    Event, EventError, EventResponses, SECURITY_EVENT, SECURITY_EVENT_TYPE, VerifiedEvent,
};

/// The responses to logout tokens. Back-Channel Logout section 2.8 makes every failure a 400, with
/// an error in the form of OAuth.
const LOGOUT: EventResponses = EventResponses {
    done: StatusCode::OK,
    failed: StatusCode::BAD_REQUEST,
    repeated: StatusCode::BAD_REQUEST,
    members: Some(["error", "error_description"]),
};

impl From<Refusal> for EventError {
    fn from(refusal: Refusal) -> Self {
        Self::Differs(refusal.part(), Box::new(refusal.mismatch))
    }
}

/// The status codes for an event of this content type. Any other type counts as a logout token, so
/// that the refusal has its form.
pub(super) fn responses(event: &Event<'_>) -> &'static EventResponses {
    if event.is_posted_as(SECURITY_EVENT_TYPE) {
        &SECURITY_EVENT
    } else {
        &LOGOUT
    }
}

impl OidcClient {
    /// Verifies an event and returns its effects. A security event whose keys are missing is not
    /// deferred, because its transmitter sends it again (RFC 8935 section 4).
    pub(super) async fn verify_event(&self, event: Event<'_>) -> Result<VerifiedEvent, EventError> {
        if event.is_posted_as(SECURITY_EVENT_TYPE) {
            let now = self.clock.unix();
            let stream = Stream {
                issuers: &[&self.settings.issuer],
                client_id: &self.settings.registration.client_id,
                now,
                at_provider: self.difference.at_provider(now),
            };
            // The number of fetches is taken on arrival, because only the keys of a later fetch
            // can refuse the token.
            let (token, fetches) = (stream.read(event)?, self.fetches());
            self.is_signed(&token, fetches).await?;
            return Ok(stream.verified_event(&token));
        }
        if !event.is_form() {
            return Err(EventError::Part("content_type"));
        }
        let sent = event.parameter("logout_token");
        let sent = sent.ok_or(EventError::Part("logout_token"))?;
        self.verify_logout_token(&sent).await
    }
}
