//! The session, which the browser carries sealed in a cookie.
//!
//! A session is opened in every request of a signed-in user, without a lock and without the
//! network. The session must pass the rules of today about lifetime, idle time and assurance, also
//! if other rules held at the sign-in. [`Revocations`](crate::revocation) decide separately whether
//! it was ended.
//!
//! The times of a session come from the clocks of several replicas, so each is compared with an
//! allowance. A session that is dated more than [`MOST_AHEAD`] into the future counts as over,
//! because it would outlive its lifetime if it were accepted.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use self::user::{Facts, VerifiedUser};
use self::{details::Details, layout::Sealed, recheck::Checks};
use crate::{
    clock::UnixTime,
    phone::{PhoneAssurance, PhoneNumber},
    seal::Sealer,
};

pub(crate) use self::recheck::Check;

pub(crate) mod claims;
pub(crate) mod details;
pub(crate) mod id;
mod layout;
mod plain;
mod recheck;
pub(crate) mod subject;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod user;

/// A hash of a provider's name, family, issuer and client id. A session or a pending sign-in
/// contains the hash of its provider, so it is void if the provider is configured differently. A
/// subject means another user at another issuer, and may mean another user for another client id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Binding([u8; 8]);

impl Binding {
    /// The first 64 bits of SHA-256. The parts are separated by NUL, so no two settings give one
    /// text. All parts are settings, so a stranger cannot choose them to cause a collision.
    pub(crate) fn new(provider: &str, family: &str, issuer: &str, client_id: &str) -> Self {
        let text = format!("{provider}\0{family}\0{issuer}\0{client_id}");
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
        let mut short = [0; 8];
        short
            .iter_mut()
            .zip(hash.as_ref())
            .for_each(|(to, from)| *to = *from);
        Self(short)
    }

    /// The bytes, as sessions and keys of revocations store them.
    pub(crate) fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// The longest cookie value in bytes. It fits the longest name, email address, subject and claims,
/// and is small enough to be opened on the stack.
pub(crate) const LONGEST: usize = 1800;
/// The longest value without claims.
pub(crate) const ORDINARY: usize = 1092;
/// The value of most users is shorter than this.
const SHORT: usize = 400;

/// How far ahead a session may be dated, four times the tolerance for one clock. Beyond it, the
/// clock of the other replica or of this one is wrong. The revocation log keeps its entries for a
/// session lifetime and the same four minutes, so a session that is dated farther ahead could
/// outlive the entry that revokes it.
const MOST_AHEAD: Duration = Duration::from_secs(4 * 60);
/// How far ahead the proof of a fresh sign-in may be dated, the tolerance for times in ID tokens. A
/// later proof is ignored, because it would stay fresh for too long.
const SKEW: Duration = Duration::from_secs(60);

/// The rules that a session must pass now. Other rules may have held at its sign-in. An operator
/// who shortens a lifetime or requires a higher assurance expects that of all sessions at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// The longest time from the sign-in to the end.
    pub(crate) life: Duration,
    /// The longest time without a request that renews the session. `None` for no limit.
    pub(crate) idle: Option<Duration>,
    /// The lowest assurance of the phone number.
    pub(crate) assurance: PhoneAssurance,
}

/// A session that was opened, whether or not it still counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    /// The user, with the rules of today applied to the end of the session.
    pub(crate) user: VerifiedUser,
    /// The provider of the sign-in.
    pub(crate) binding: Binding,
    /// When the session was last sealed. The idle time counts from here.
    seen_at: UnixTime,
    /// The last checks with the provider.
    checks: Checks,
    /// The session was sealed with a retired key.
    retired_key: bool,
    /// The session has expired, has too little assurance, or is from the future. It stays readable,
    /// because the refusal names the cause.
    pub(crate) is_over: bool,
    /// The session is dated farther ahead than [`MOST_AHEAD`]. A log line reports the clock.
    pub(crate) is_from_future: bool,
}

impl Session {
    /// A session that begins now.
    pub(crate) fn new(user: VerifiedUser, binding: Binding, now: UnixTime) -> Self {
        Self {
            user,
            binding,
            seen_at: now,
            checks: Checks::default(),
            retired_key: false,
            is_over: false,
            is_from_future: false,
        }
    }

    /// The value of the cookie `name`. The idle time counts from `now`. `None` if a text is too
    /// long for the layout, or if sealing fails.
    pub(crate) fn seal(&self, sealer: &Sealer, name: &str, now: UnixTime) -> Option<String> {
        let plain = self.plain(now)?;
        let value = sealer.seal(name, &plain, now)?;
        // A longer value would not open, because `open` has a buffer of a fixed size.
        (value.len() <= LONGEST).then_some(value)
    }

    /// Whether a retired key opened the session. The renewal is a line of the audit log.
    pub(crate) fn has_retired_key(&self) -> bool {
        self.retired_key
    }

    /// Whether the response should carry the session sealed again. That is so after half of the
    /// idle time, and after a change of keys. Sealing in every response would change the cookie
    /// each time, and nothing is gained by it.
    pub(crate) fn wants_renewal(&self, idle: Option<Duration>, now: UnixTime) -> bool {
        self.retired_key || idle.is_some_and(|idle| now >= self.seen_at.after(idle / 2))
    }
}

/// Opens a session cookie. `None` if this layer did not seal it, or if `provider` knows no provider
/// of the session's binding. An expired session is returned, with [`Session::is_over`].
///
/// Whether the session was revoked is not checked here.
pub(crate) fn open(
    sealer: &Sealer,
    name: &str,
    value: &[u8],
    now: UnixTime,
    rules: &Rules,
    provider: impl Fn(Binding) -> Option<Arc<str>>,
) -> Option<Session> {
    let open_in = |buffer: &mut [u8]| {
        let opened = sealer.open(name, value, now, buffer)?;
        let sealed = Sealed::read(opened.plain)?;
        let provider = provider(sealed.binding)?;
        let is_from_future = sealed.is_from_future(rules, now);
        Some(Session {
            user: sealed.user(provider, sealed.bounds(rules, now)),
            binding: sealed.binding,
            seen_at: sealed.seen_at,
            checks: sealed.checks,
            retired_key: opened.retired_key,
            is_over: is_from_future || sealed.is_over(rules, now),
            is_from_future,
        })
    };
    // Decoding needs a buffer of a fixed size, which is cleared. Four letters of Base64 stand for
    // three bytes.
    if value.len() <= SHORT {
        open_in(&mut [0; SHORT / 4 * 3])
    } else if value.len() <= ORDINARY {
        open_in(&mut [0; ORDINARY / 4 * 3])
    } else if value.len() <= LONGEST {
        open_in(&mut [0; LONGEST / 4 * 3])
    } else {
        None
    }
}

impl Sealed<'_> {
    /// Whether a rule of today ends the session.
    fn is_over(&self, rules: &Rules, now: UnixTime) -> bool {
        now >= self.expires_at
            || now >= self.authenticated_at.after(rules.life)
            || rules
                .idle
                .is_some_and(|idle| now >= self.seen_at.after(idle))
            || self.assurance < rules.assurance
    }

    /// Whether the sign-in is dated farther ahead than clocks may differ. With an idle time, also
    /// whether the last sealing is, because the idle time would count from there.
    fn is_from_future(&self, rules: &Rules, now: UnixTime) -> bool {
        let latest = now.after(MOST_AHEAD);
        self.authenticated_at > latest || rules.idle.is_some() && self.seen_at > latest
    }

    /// The end of the session, no later than the lifetime of today allows, and the proof unless it
    /// is from the future.
    #[inline(always)]
    fn bounds(&self, rules: &Rules, now: UnixTime) -> (UnixTime, Option<UnixTime>) {
        let end = self.authenticated_at.after(rules.life);
        let latest = now.after(SKEW);
        let proved_at = self.proved_at.filter(|proved| *proved <= latest);
        (self.expires_at.min(end), proved_at)
    }

    /// The user of the session, with the current name of the provider, this end and this proof.
    #[inline(always)]
    fn user(
        &self,
        provider: Arc<str>,
        (expires_at, proved_at): (UnixTime, Option<UnixTime>),
    ) -> VerifiedUser {
        let facts = Facts {
            session_id: self.session_id,
            email_verified: self.email_verified,
            authenticated_at: self.authenticated_at,
            expires_at,
            proved_at,
            confirmed_at: self.confirmed_at,
            issued_at: self.issued_at,
            asked_afresh: self.asked_afresh,
            provider_session: self.provider_session,
            known: self.known,
            claims_known: self.claims_known,
        };
        let phone = (PhoneNumber::from_digits(self.phone), self.assurance);
        let texts = [
            self.subject.as_bytes(),
            self.name,
            self.email,
            self.claims.as_bytes(),
        ];
        VerifiedUser::of(phone, provider, Details::of_bytes(facts, texts))
    }
}
