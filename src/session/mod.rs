//! The session: what the browser carries after signing in, sealed.

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

/// Ties a session or a pending login to one provider, its family, issuer and client id: it is void under another
/// configuration.
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

/// Long enough for the longest name, address and subject that are kept; short enough to be
/// opened on the stack.
pub(crate) const LONGEST: usize = 1088;

/// A session dated farther ahead was dated by a wrong clock: another replica's, or this one's is behind.
const MOST_AHEAD: Duration = Duration::from_secs(4 * 60);
/// A proof dated farther ahead is none.
const SKEW: Duration = Duration::from_secs(60);

/// What a session must hold to be live today, whatever was asked when it began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) life: Duration,
    pub(crate) idle: Option<Duration>,
    pub(crate) assurance: PhoneAssurance,
}

/// One session, as its cookie says it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) user: VerifiedUser,
    pub(crate) binding: Binding,
    /// When it was last sealed: the idle time counts from here.
    seen_at: UnixTime,
    checks: Checks,
    /// Sealed with a key that only opens.
    retired_key: bool,
    /// It has expired, holds less than is asked today, or is from the future.
    pub(crate) is_over: bool,
    /// It is dated farther ahead than clocks may differ.
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

    /// Seals it under the cookie's `name`, seen `now`.
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

    pub(crate) fn is_of_old_key(&self) -> bool {
        self.retired_key
    }

    /// Whether it is to be sealed anew: at half of the idle time, and after a change of keys.
    pub(crate) fn wants_renewal(&self, idle: Option<Duration>, now: UnixTime) -> bool {
        self.retired_key || idle.is_some_and(|idle| now >= self.seen_at.after(idle / 2))
    }
}

/// Opens a session cookie; none if it is not one of ours. `provider` names the provider that a
/// binding belongs to.
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

    /// Begun or (where that counts) last seen at a time that is not yet, on any clock that may be right.
    fn is_from_future(&self, rules: &Rules, now: UnixTime) -> bool {
        let latest = now.after(MOST_AHEAD);
        self.authenticated_at > latest || rules.idle.is_some() && self.seen_at > latest
    }

    /// With no end later than the rules of today give it, and no proof from the future.
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
