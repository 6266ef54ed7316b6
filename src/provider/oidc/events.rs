//! What an OpenID provider tells: logout tokens, and security events.

use http::StatusCode;

use super::{connected::Connected, refusal::Refusal, security_event::Stream};
use crate::provider::event::{Event, Heard, Manner, SECURITY_EVENT, SECURITY_EVENT_TYPE, Unheard};

/// Back-Channel Logout section 2.8: whatever is wrong is 400, said as OAuth says it.
const LOGOUT: Manner = Manner {
    done: StatusCode::OK,
    failed: StatusCode::BAD_REQUEST,
    repeated: StatusCode::BAD_REQUEST,
    members: Some(["error", "error_description"]),
};

impl From<Refusal> for Unheard {
    fn from(refusal: Refusal) -> Self {
        Self::Differs(refusal.part(), Box::new(refusal.mismatch))
    }
}

pub(super) fn manner(event: &Event<'_>) -> &'static Manner {
    if event.is_posted_as(SECURITY_EVENT_TYPE) {
        &SECURITY_EVENT
    } else {
        &LOGOUT
    }
}

impl Connected {
    pub(super) async fn heard(&self, event: Event<'_>) -> Result<Heard, Unheard> {
        if event.is_posted_as(SECURITY_EVENT_TYPE) {
            let now = self.clock.unix();
            let stream = Stream {
                issuers: &[&self.settings.issuer],
                client_id: &self.settings.client_id,
                now,
                at_provider: self.difference.at_provider(now),
            };
            let (token, readings) = (stream.read(event)?, self.readings());
            self.is_signed(&token, readings).await?;
            return Ok(stream.heard(&token));
        }
        if !event.is_form() {
            return Err(Unheard::Part("content_type"));
        }
        let sent = event.parameter("logout_token");
        let sent = sent.ok_or(Unheard::Part("logout_token"))?;
        self.logged_out(&sent).await
    }
}
