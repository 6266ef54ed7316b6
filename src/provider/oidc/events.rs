//! What an OpenID provider tells: logout tokens, and security events.

use http::StatusCode;

use super::{
    super::event::{Event, Heard, Manner, SECURITY_EVENT, SECURITY_EVENT_TYPE, Unheard},
    connected::Connected,
    event_token::EventToken,
    id_token::Refusal,
    keys::Asker,
    logout_token::{self, Scope},
    security_event::Stream,
    trust::Signed,
};

/// Back-Channel Logout section 2.8: whatever is wrong is 400, said as OAuth says it.
const LOGOUT: Manner = Manner {
    done: StatusCode::OK,
    failed: StatusCode::BAD_REQUEST,
    repeated: StatusCode::BAD_REQUEST,
    members: Some(["error", "error_description"]),
};

impl From<Refusal> for Unheard {
    fn from(refusal: Refusal) -> Self {
        Self::Part(refusal.part())
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
        let issuer = self.settings.issuer.as_str();
        let client_id = self.settings.client_id.as_str();
        let now = self.clock.unix();
        let at_provider = self.difference.at_provider(now);
        if event.is_posted_as(SECURITY_EVENT_TYPE) {
            let stream = Stream {
                issuers: &[issuer],
                client_id,
                now,
                at_provider,
            };
            let token = stream.read(event)?;
            self.is_signed(&token).await?;
            return Ok(stream.heard(&token));
        }
        if !event.is_form() {
            return Err(Unheard::Part("content_type"));
        }
        let sent = event.parameter("logout_token");
        let sent = sent.ok_or(Unheard::Part("logout_token"))?;
        let token = logout_token::read(&sent, issuer, client_id, [now, at_provider])?;
        let scope = Scope {
            names_sessions: self.is_signed(&token).await?,
            ends_all: self.settings.logout_tokens_end_all,
        };
        let heard = logout_token::heard(&token, scope)?;
        self.difference
            .of_logout_token(issuer, heard.at, &self.clock);
        Ok(heard)
    }

    /// Whether the provider made the token; if so, whether its ID tokens name their sessions.
    async fn is_signed(&self, token: &EventToken<'_>) -> Result<bool, Unheard> {
        let discovered = self.discovered().await.map_err(|_| Unheard::NoKeys)?;
        let by = (Asker::Event, Signed::Token);
        let verified = self.verified_by(&discovered, by, |keys, algorithms| {
            token.verify(keys, algorithms)
        });
        verified.await.map_err(|_| Unheard::NoKeys)??;
        Ok(discovered.metadata.names_sessions)
    }
}
