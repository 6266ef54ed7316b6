//! The session, which the browser carries sealed in a cookie.
//!
//! A session is opened in every request of a signed-in user, without a lock and without the
//! network. It must pass the rules of today, also if other rules held at the sign-in: lifetime,
//! idle time and assurance. [`Revocations`](crate::revocation) decide separately whether it was
//! ended.
//!
//! Its times come from the clocks of several replicas, so each is compared with an allowance. A
//! session dated more than [`MOST_AHEAD`] into the future counts as over: accepted, it would
//! outlive its lifetime.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use self::user::VerifiedUser;
use self::{layout::Sealed, recheck::Checks};
use crate::{
    clock::UnixTime,
    phone::{PhoneAssurance, PhoneNumber},
    seal::Sealer,
};

pub(crate) use self::recheck::Check;

pub(crate) mod id;
mod layout;
mod recheck;
pub(crate) mod user;

/// A hash of a provider's name, family, issuer and client id. A session or a pending sign-in holds
/// the one of its provider, so it is void if the provider is configured differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Binding([u8; 8]);

impl Binding {
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

    pub(crate) fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }
}

/// The longest cookie value. It fits the longest name, email address and subject, and is opened on
/// the stack.
pub(crate) const LONGEST: usize = 1088;

/// How far ahead a session may be dated. Beyond that, the clock of the other replica or of this one
/// is wrong.
const MOST_AHEAD: Duration = Duration::from_secs(4 * 60);
/// How far ahead the proof of a fresh sign-in may be dated. Beyond that, it is ignored.
const SKEW: Duration = Duration::from_secs(60);

/// The rules that a session must pass now. At its sign-in, others may have held.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) life: Duration,
    pub(crate) idle: Option<Duration>,
    pub(crate) assurance: PhoneAssurance,
}

/// An opened session.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) user: VerifiedUser,
    pub(crate) binding: Binding,
    /// When it was last sealed. The idle time counts from here.
    seen_at: UnixTime,
    checks: Checks,
    /// Sealed with a retired key.
    retired_key: bool,
    /// It has expired, has too little assurance, or is from the future.
    pub(crate) is_over: bool,
    /// It is dated farther ahead than [`MOST_AHEAD`].
    pub(crate) is_from_future: bool,
}

impl Session {
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

    /// The value of the cookie `name`. The idle time counts from `now`.
    pub(crate) fn seal(&self, sealer: &Sealer, name: &str, now: UnixTime) -> Option<String> {
        let user = &self.user;
        let sealed = Sealed {
            binding: self.binding,
            session_id: user.session_id,
            phone: user.phone.digits(),
            assurance: user.phone_assurance,
            subject: &user.subject,
            name: user.name.as_deref(),
            email: user.email.as_deref(),
            email_verified: user.email_verified,
            authenticated_at: user.authenticated_at.into(),
            expires_at: user.expires_at.into(),
            seen_at: now,
            proved_at: user.proved_at.map(UnixTime::from),
            issued_at: user.issued_at,
            asked_afresh: user.asked_afresh,
            provider_session: user.provider_session,
            known: user.known,
            checks: self.checks,
        };
        let plain = sealed.write()?;
        let value = sealer.seal(name, &plain, now)?;
        (value.len() <= LONGEST).then_some(value)
    }

    pub(crate) fn has_retired_key(&self) -> bool {
        self.retired_key
    }

    /// Whether the response should carry the session sealed again: after half of the idle time, and
    /// after a change of keys.
    pub(crate) fn wants_renewal(&self, idle: Option<Duration>, now: UnixTime) -> bool {
        self.retired_key || idle.is_some_and(|idle| now >= self.seen_at.after(idle / 2))
    }
}

/// Opens a session cookie. `None` if it was not sealed by this layer, or if `provider` knows no
/// provider of the session's binding.
pub(crate) fn open(
    sealer: &Sealer,
    name: &str,
    value: &[u8],
    now: UnixTime,
    rules: &Rules,
    provider: impl Fn(Binding) -> Option<Arc<str>>,
) -> Option<Session> {
    if value.len() > LONGEST {
        return None;
    }
    let mut buffer = [0; LONGEST / 4 * 3];
    let opened = sealer.open(name, value, now, &mut buffer)?;
    let sealed = Sealed::read(opened.plain)?;
    let provider = provider(sealed.binding)?;
    let is_from_future = sealed.is_from_future(rules, now);
    Some(Session {
        user: sealed.bounded(rules, now).user(provider),
        binding: sealed.binding,
        seen_at: sealed.seen_at,
        checks: sealed.checks,
        retired_key: opened.retired_key,
        is_over: is_from_future || sealed.is_over(rules, now),
        is_from_future,
    })
}

impl Sealed<'_> {
    fn is_over(&self, rules: &Rules, now: UnixTime) -> bool {
        now >= self.expires_at
            || now >= self.authenticated_at.after(rules.life)
            || rules
                .idle
                .is_some_and(|idle| now >= self.seen_at.after(idle))
            || self.assurance < rules.assurance
    }

    /// Whether the sign-in is dated farther ahead than clocks may differ; with an idle time, also
    /// the last sealing.
    fn is_from_future(&self, rules: &Rules, now: UnixTime) -> bool {
        let latest = now.after(MOST_AHEAD);
        self.authenticated_at > latest || rules.idle.is_some() && self.seen_at > latest
    }

    /// The same session, ending no later than the lifetime of today allows, and without a proof
    /// from the future.
    fn bounded(self, rules: &Rules, now: UnixTime) -> Self {
        let end = self.authenticated_at.after(rules.life);
        let latest = now.after(SKEW);
        Self {
            expires_at: self.expires_at.min(end),
            proved_at: self.proved_at.filter(|proved| *proved <= latest),
            ..self
        }
    }

    fn user(&self, provider: Arc<str>) -> VerifiedUser {
        VerifiedUser {
            session_id: self.session_id,
            phone: PhoneNumber::from_digits(self.phone),
            phone_assurance: self.assurance,
            provider,
            subject: self.subject.into(),
            name: self.name.map(Arc::from),
            email: self.email.map(Arc::from),
            email_verified: self.email_verified,
            authenticated_at: self.authenticated_at.into(),
            expires_at: self.expires_at.into(),
            proved_at: self.proved_at.map(Into::into),
            issued_at: self.issued_at,
            asked_afresh: self.asked_afresh,
            provider_session: self.provider_session,
            known: self.known,
        }
    }
}
