//! A session that is not sealed. The cookie of a phone step holds one, whose user has no number
//! yet.

use std::sync::Arc;

use super::{Binding, Session, layout::Sealed};
use crate::clock::UnixTime;

impl Session {
    /// The bytes of the layout. `None` if a text is too long.
    pub(crate) fn plain(&self, now: UnixTime) -> Option<Vec<u8>> {
        let (user, facts) = (&self.user, self.user.facts());
        let sealed = Sealed {
            binding: self.binding,
            session_id: facts.session_id,
            phone: user.phone.digits(),
            assurance: user.phone_assurance,
            confirmed_at: facts.confirmed_at,
            subject: &user.subject,
            name: user.name().unwrap_or_default().as_bytes(),
            email: user.email().unwrap_or_default().as_bytes(),
            email_verified: facts.email_verified,
            authenticated_at: facts.authenticated_at,
            expires_at: facts.expires_at,
            seen_at: now,
            proved_at: facts.proved_at,
            issued_at: facts.issued_at,
            asked_afresh: facts.asked_afresh,
            provider_session: facts.provider_session,
            known: facts.known,
            checks: self.checks,
            claims_known: facts.claims_known,
            claims: user.claims_text(),
        };
        sealed.write()
    }

    /// The session that [`plain`](Self::plain) wrote. `None` if the bytes are those of another
    /// version, or if `provider` knows no provider of its binding. No rule is applied.
    pub(crate) fn of_plain(
        plain: &[u8],
        provider: impl Fn(Binding) -> Option<Arc<str>>,
    ) -> Option<Self> {
        let sealed = Sealed::read(plain)?;
        let bounds = (sealed.expires_at, sealed.proved_at);
        let user = sealed.user(provider(sealed.binding)?, bounds);
        Some(Self::new(user, sealed.binding, sealed.seen_at))
    }
}
