//! Security events (OpenID RISC and CAEP profiles of the Shared Signals Framework), and the event
//! types that end sessions.

use std::time::Duration;

use serde_json::Value;

use super::{
    algorithm::Algorithm,
    event_token::{EventToken, Expected},
    id_token::SKEW,
    keys::{FetchFor, Keys},
    refusal::Refusal,
};
use crate::clock::UnixTime;
use crate::provider::event::{Event, EventEffect, EventError, VerifiedEvent};

/// The greatest age of a token by `iat`. A transmitter may deliver late after an outage, and these
/// tokens do not expire (RFC 8417 section 2.2), so the age has to be limited here.
const OLDEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Transmitter and receiver of security events, at the time of one delivery.
pub(crate) struct Stream<'a> {
    /// The transmitter. Google has two notations of its issuer.
    pub(crate) issuers: &'a [&'a str],
    /// The receiver, which must be an audience of the token.
    pub(crate) client_id: &'a str,
    pub(crate) now: UnixTime,
    /// The present time by the provider's clock.
    pub(crate) at_provider: UnixTime,
}

impl<'a> Stream<'a> {
    /// Verifies a delivery (RFC 8935 section 2.1) by `keys` and returns its effects. Kakao and
    /// Google, which both sign with RS256, use it. `event_verification.rs` verifies the tokens of
    /// other OpenID providers.
    pub(crate) async fn receive(
        &self,
        event: Event<'_>,
        keys: &Keys,
    ) -> Result<VerifiedEvent, EventError> {
        let (token, fetches) = (self.read(event)?, keys.fetches.started());
        // A key id that the newest keys are known to lack causes no further fetch.
        let cached = keys
            .fresh()
            .map(|keys| token.verify(&keys, &[Algorithm::Rs256]));
        if let Some(Err(refusal)) = cached
            && refusal.is_of_key()
            && keys.just_lacked(token.key_id())
        {
            return Err(refusal.into());
        }
        let verified = keys.try_with(
            FetchFor::Event,
            |keys| token.verify(keys, &[Algorithm::Rs256]),
            Refusal::is_of_key,
        );
        match verified.await.map_err(|_| EventError::NoKeys)? {
            // The provider may have newer keys than the fetched ones. The transmitter sends the
            // event again after this error.
            Err(refusal) if refusal.is_of_key() && !keys.fetches.are_newer_than(fetches) => {
                Err(EventError::NoKeys)
            }
            Err(refusal) if refusal.is_of_key() => {
                // The keys are newer than the token, so the signature is wrong for good.
                keys.fetches.note_lacking(token.key_id());
                Err(refusal.into())
            }
            verified => {
                verified?;
                Ok(self.verified_event(&token))
            }
        }
    }

    /// Parses a token and checks its claims. The signature is verified afterwards, and nothing
    /// counts before.
    pub(super) fn read<'e>(&self, event: Event<'e>) -> Result<EventToken<'e>, EventError> {
        let token = std::str::from_utf8(event.body).map_err(|_| EventError::Part("form"))?;
        let expected = Expected {
            issuers: self.issuers,
            client_id: self.client_id,
            // Not every transmitter sets `typ`. An ID token cannot pass as an event, because it has
            // no `events`.
            types: &["secevent+jwt", "JWT"],
            oldest: OLDEST,
            now: self.now,
            at_provider: self.at_provider,
        };
        EventToken::read(token.trim(), &expected).map_err(Into::into)
    }

    /// The effects of a verified token. Unknown events and subjects are ignored, as RFC 8417
    /// requires. A token without any effect is still acknowledged.
    pub(super) fn verified_event(&self, token: &EventToken<'_>) -> VerifiedEvent {
        let effects = token.events().filter_map(|(name, event)| {
            let means = meaning(name)?;
            Some(means(self.subject(token, event)?))
        });
        VerifiedEvent {
            effects: effects.collect(),
            id: token.text("jti").map(str::to_owned),
            at: token.issued_at(),
            window: OLDEST.saturating_add(SKEW).saturating_add(SKEW),
        }
    }

    /// The user whom an event is about. The subject has the form `iss_sub` (RFC 9493 section
    /// 3.2.2), in `sub_id` or in the event's `subject` (the older RISC form). Without either, a
    /// plain `sub` counts. `None` for a subject of another form or issuer.
    fn subject(&self, token: &EventToken<'_>, event: &Value) -> Option<String> {
        let named = event.get("subject").or_else(|| token.claims.get("sub_id"));
        let Some(named) = named else {
            return token.text("sub").map(str::to_owned);
        };
        let format = named.get("format").or_else(|| named.get("subject_type"))?;
        let ours = matches!(format.as_str()?, "iss_sub" | "iss-sub")
            && self.issuers.contains(&named.get("iss")?.as_str()?);
        let subject = named.get("sub")?.as_str()?;
        (ours && !subject.is_empty()).then(|| subject.to_owned())
    }
}

/// The effect of an event type. `None` if the type ends no session. The effect of a credential
/// change is that of a sign-out, because a stolen credential may have made the session.
fn meaning(event: &str) -> Option<fn(String) -> EventEffect> {
    match event.strip_prefix("https://schemas.openid.net/secevent/")? {
        "risc/event-type/sessions-revoked"
        | "risc/event-type/account-disabled"
        | "risc/event-type/account-credential-change-required"
        | "risc/event-type/credential-compromise"
        | "caep/event-type/session-revoked"
        | "caep/event-type/credential-change"
        | "oauth/event-type/tokens-revoked" => Some(EventEffect::SubjectEnded),
        "risc/event-type/account-purged" | "oauth/event-type/user-unlinked" => {
            Some(EventEffect::Unlinked)
        }
        _ => None,
    }
}
