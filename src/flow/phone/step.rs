//! The cookie of a phone step: the user who signed in at the provider, until a number is proved.
//!
//! Everything that limits the user is in the store. An older copy of the cookie leads to the same
//! step, and to the same counts.

use std::{num::NonZeroU64, time::Duration};

use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixTime,
    flow::Flow,
    phone::{PhoneAssurance, PhoneNumber},
    phone_step::keys::{Bound, NumberId, StepId},
    session::Session,
    web::{
        reply::Reply,
        return_to::{FormId, ReturnTo},
    },
};

/// A live phone step.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) id: StepId,
    /// The user at the provider, without a number.
    pub(crate) session: Session,
    pub(crate) place: ReturnTo,
    /// One hour after the callback.
    pub(crate) ends_at: UnixTime,
    /// The number that the last message went to.
    pub(crate) number: Option<PhoneNumber>,
    /// The id of a verification service for that message.
    pub(crate) verification: Option<String>,
    /// Whether a message was permitted. The store then knows the step.
    pub(crate) is_sent: bool,
    /// The step confirms a number of a live session, which a new one replaces.
    pub(crate) is_for_session: bool,
    /// The provider's claims that the hook after the step gets, as JSON.
    pub(crate) claims: String,
}

/// The content of the cookie.
#[derive(Serialize, Deserialize)]
pub(crate) struct SealedStep {
    id: [u8; 16],
    /// The layout of a session. Empty after the step.
    user: Vec<u8>,
    place: Option<String>,
    form: Option<FormId>,
    ends_at: UnixTime,
    number: Option<NonZeroU64>,
    verification: Option<String>,
    is_sent: bool,
    is_for_session: bool,
    claims: String,
}

/// The cookie of a browser, opened.
pub(crate) enum Held {
    Live(Box<Step>),
    /// The step ended in a session. Its return address is kept for a second tab.
    Done(ReturnTo),
}

impl Step {
    pub(crate) fn is_over(&self, now: UnixTime) -> bool {
        now >= self.ends_at
    }

    /// Whether two steps are of the same user at the same provider.
    pub(crate) fn is_same_user(&self, session: &Session) -> bool {
        self.session.binding == session.binding && self.session.user.subject == session.user.subject
    }

    /// Whether this session already has what the step is for.
    pub(super) fn is_confirmed_by(&self, session: Option<&Session>) -> bool {
        session.is_some_and(|session| {
            session.user.phone_assurance >= PhoneAssurance::Confirmed && self.is_same_user(session)
        })
    }

    /// Whether the session that the step is for is still the browser's. True for a step of a
    /// sign-in, which has no session yet.
    pub(super) fn is_of_session(&self, flow: &Flow, headers: &HeaderMap) -> bool {
        let id = self.session.user.session_id();
        let is_own = |live: Session| live.user.session_id() == id;
        !self.is_for_session || flow.live_session(headers).is_some_and(is_own)
    }

    /// The facts that a code for this number is bound to.
    pub(super) fn bound(&self, number: PhoneNumber) -> Bound<'_> {
        Bound {
            step: &self.id,
            provider: self.session.binding.as_bytes(),
            subject: &self.session.user.subject,
            number,
            purpose: "sign-in",
        }
    }

    /// Whether the store means the number of this cookie.
    pub(super) fn is_for(&self, number: NumberId, flow: &Flow) -> bool {
        let keys = flow.config.phone_step.as_ref().map(|config| &config.keys);
        keys.zip(self.number)
            .is_some_and(|(keys, own)| keys.is_of(number, own))
    }

    /// Adds the cookie. A return address with which the headers would grow too long is left out. It
    /// is then almost as long as possible, and the reply is a page, or much is known of the user.
    pub(super) fn kept_by(&self, flow: &Flow, reply: Reply) -> Reply {
        let whole = self.cookie(flow, Some(self.place.as_str().to_owned()));
        let whole = whole.filter(|line| reply.fits(std::slice::from_ref(line)));
        reply.cookie(whole.or_else(|| self.cookie(flow, None)))
    }

    /// The `Set-Cookie` line. `None` if sealing fails.
    fn cookie(&self, flow: &Flow, place: Option<String>) -> Option<HeaderValue> {
        let now = flow.config.clock.unix();
        let step = SealedStep {
            id: self.id.0,
            user: self.session.plain(now)?,
            place,
            form: self.place.form(),
            ends_at: self.ends_at,
            number: self.number.map(PhoneNumber::digits),
            verification: self.verification.clone(),
            is_sent: self.is_sent,
            is_for_session: self.is_for_session,
            claims: self.claims.clone(),
        };
        let value = flow.cookies.phone_step.seal("", &step, now)?;
        flow.cookies.phone_step.set(&value, self.left(now))
    }

    /// Replaces the cookie after the step by one with the return address alone. The cookie is
    /// deleted if the headers would grow too long.
    pub(super) fn ended_by(&self, flow: &Flow, reply: Reply) -> Reply {
        let done = self.done_cookie(flow);
        let done = done.filter(|line| reply.fits(std::slice::from_ref(line)));
        reply.cookie(done.or_else(|| flow.cookies.phone_step.delete("")))
    }

    fn done_cookie(&self, flow: &Flow) -> Option<HeaderValue> {
        let now = flow.config.clock.unix();
        let step = SealedStep {
            id: self.id.0,
            user: Vec::new(),
            place: Some(self.place.as_str().to_owned()),
            form: self.place.form(),
            ends_at: self.ends_at,
            number: None,
            verification: None,
            is_sent: true,
            is_for_session: false,
            claims: String::new(),
        };
        let value = flow.cookies.phone_step.seal("", &step, now)?;
        flow.cookies.phone_step.set(&value, self.left(now))
    }

    /// The time until the step ends.
    fn left(&self, now: UnixTime) -> Duration {
        Duration::from_secs(self.ends_at.as_secs().saturating_sub(now.as_secs()))
    }
}

/// The step of a browser. `None` if there is no cookie that opens.
pub(crate) fn held(flow: &Flow, headers: &HeaderMap) -> Option<Held> {
    let now = flow.config.clock.unix();
    let mut cookies = flow.cookies.phone_step.open("", headers, now);
    cookies.find_map(|sealed| read(flow, sealed))
}

/// Reads the content. The return address is checked again, because a rule may have become stricter
/// since.
fn read(flow: &Flow, sealed: SealedStep) -> Option<Held> {
    let prefix = &flow.config.prefix;
    let place = sealed.place.map(|place| ReturnTo::parse(&place, prefix));
    let place = place
        .unwrap_or_else(|| ReturnTo::home(prefix))
        .with_form(sealed.form);
    if sealed.user.is_empty() {
        return Some(Held::Done(place));
    }
    let session = Session::of_plain(&sealed.user, |binding| {
        Some(flow.by_binding(binding)?.name.clone())
    })?;
    Some(Held::Live(Box::new(Step {
        id: StepId(sealed.id),
        session,
        place,
        ends_at: sealed.ends_at,
        number: sealed.number.map(PhoneNumber::from_digits),
        verification: sealed.verification,
        is_sent: sealed.is_sent,
        is_for_session: sealed.is_for_session,
        claims: sealed.claims,
    })))
}
