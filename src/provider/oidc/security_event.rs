//! Which security events end what (OpenID RISC and CAEP profiles of the Shared Signals Framework).

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

/// A transmitter that was cut off delivers later, and these tokens do not expire (RFC 8417 section
/// 2.2); a copy that turns up after this is not believed.
const OLDEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Who sends security events, and to whom.
pub(crate) struct Stream<'a> {
    pub(crate) issuers: &'a [&'a str],
    pub(crate) client_id: &'a str,
    pub(crate) now: UnixTime,
    /// The same moment, as the provider's clock shows it.
    pub(crate) at_provider: UnixTime,
}

impl<'a> Stream<'a> {
    /// What a delivery says (RFC 8935 section 2.1) that these keys signed.
    pub(crate) async fn receive(
        &self,
        event: Event<'_>,
        keys: &Keys,
    ) -> Result<VerifiedEvent, EventError> {
        let (token, fetches) = (self.read(event)?, keys.fetches.started());
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
            // The provider may have new keys: it sends the event again.
            Err(refusal) if refusal.is_of_key() && !keys.fetches.are_newer_than(fetches) => {
                Err(EventError::NoKeys)
            }
            Err(refusal) if refusal.is_of_key() => {
                keys.fetches.note_lacking(token.key_id());
                Err(refusal.into())
            }
            verified => {
                verified?;
                Ok(self.verified_event(&token))
            }
        }
    }

    /// Its signature is still to be verified.
    pub(super) fn read<'e>(&self, event: Event<'e>) -> Result<EventToken<'e>, EventError> {
        let token = std::str::from_utf8(event.body).map_err(|_| EventError::Part("form"))?;
        let expected = Expected {
            issuers: self.issuers,
            client_id: self.client_id,
            // Not every transmitter types its tokens; none of another kind has `events`.
            types: &["secevent+jwt", "JWT"],
            oldest: OLDEST,
            now: self.now,
            at_provider: self.at_provider,
        };
        EventToken::read(token.trim(), &expected).map_err(Into::into)
    }

    /// What a verified token means. Events and subjects that are not known are passed over, as
    /// they must be.
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

    /// RFC 9493 section 3.2.2, in its place of today, in RISC's of before, or as a plain `sub`.
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
