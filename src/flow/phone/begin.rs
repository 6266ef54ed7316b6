//! The start of a phone step, at the callback.

use http::{HeaderMap, HeaderValue, request::Parts};

use super::{
    known,
    step::{self, Held, Step},
};
use crate::{
    error::LoginErrorKind,
    flow::{Flow, request::target},
    hooks::PhoneStepEvent,
    phone::PhoneAssurance,
    seal::PHONE_STEP_LIFE,
    session::{Session, id::SessionId, user::VerifiedUser},
    web::{reply::Reply, return_to::ReturnTo},
};

/// A step that a callback began, from which every reply to that callback is made.
pub(crate) struct Begun {
    pub(crate) step: Step,
    /// The cookie that remembers the provider.
    pub(crate) remembered: Option<HeaderValue>,
    /// The cookie with the ID token. It is left out of an answer that would grow too long.
    pub(crate) hint: Option<HeaderValue>,
}

impl Begun {
    /// The bytes that its texts take in memory, about.
    pub(crate) fn bytes(&self) -> usize {
        let user = &self.step.session.user;
        let texts = [
            user.subject.len(),
            user.name().map_or(0, str::len),
            user.email().map_or(0, str::len),
            self.step.place.as_str().len(),
            self.step.claims.len(),
        ];
        let cookies = self.remembered.iter().chain(&self.hint);
        texts.iter().sum::<usize>() + cookies.map(HeaderValue::len).sum::<usize>()
    }
}

/// Whether the step takes over after this refusal, because the number is the only fault, and one
/// that the step confirms is good enough.
pub(crate) fn takes_over(flow: &Flow, kind: LoginErrorKind) -> bool {
    let can_suffice = flow.config.rules.assurance <= PhoneAssurance::Confirmed;
    let has_step = flow.config.phone_step.is_some();
    has_step
        && can_suffice
        && matches!(
            kind,
            LoginErrorKind::PhoneNotShared
                | LoginErrorKind::PhoneNotConfigured
                | LoginErrorKind::PhoneNotOnAccount
                | LoginErrorKind::Preregistered
                | LoginErrorKind::PhoneInvalid
                | LoginErrorKind::PhoneNotVerified
        )
}

/// The step of a sign-in, by its `state`. `None` only without the setting.
pub(crate) fn step(
    flow: &Flow,
    session: Session,
    claims: String,
    state: &str,
    place: &ReturnTo,
) -> Option<Step> {
    let step = step_of(flow, session, state.as_bytes(), place)?;
    Some(Step { claims, ..step })
}

/// A new step, whose id comes from these bytes.
fn step_of(flow: &Flow, session: Session, source: &[u8], place: &ReturnTo) -> Option<Step> {
    let config = flow.config.phone_step.as_ref()?;
    let user = &session.user;
    let event = PhoneStepEvent::Begun;
    flow.config
        .audit
        .phone_step(&user.provider, &user.subject, event);
    Some(Step {
        id: config.keys.step(source),
        session,
        place: place.clone(),
        ends_at: flow.config.clock.unix().after(PHONE_STEP_LIFE),
        number: None,
        verification: None,
        is_sent: false,
        is_for_session: false,
        claims: String::new(),
    })
}

/// The redirect to the step. A browser with a live step of the same user stays in that one, which
/// sends nothing. The newer return address counts.
pub(crate) fn reply(flow: &Flow, begun: &Begun, headers: &HeaderMap) -> Reply {
    let step = joined(flow, &begun.step, headers);
    let reply = Reply::see_other(&flow.config.prefix.phone());
    step.kept_by(flow, reply.cookie(begun.remembered.clone()))
}

/// Adds the ID token, if it fits. The one of an earlier step would not belong to this one, and it
/// is deleted, so that the cookies of the step's pages stay small enough for a proxy.
pub(crate) fn with_hint(flow: &Flow, begun: &Begun, reply: Reply) -> Reply {
    match &begun.hint {
        Some(hint) if reply.fits(std::slice::from_ref(hint)) => reply.cookie(Some(hint.clone())),
        Some(_) => reply.cookie(flow.cookies.step_hint.delete("")),
        None => reply,
    }
}

/// The step, with the progress of the one that the browser has.
fn joined(flow: &Flow, step: &Step, headers: &HeaderMap) -> Step {
    let now = flow.config.clock.unix();
    match step::held(flow, headers) {
        Some(Held::Live(held)) if held.is_same_user(&step.session) && !held.is_over(now) => Step {
            session: step.session.clone(),
            place: step.place.clone(),
            is_for_session: step.is_for_session,
            // A step of a route has none, and takes none from the one of a sign-in.
            claims: Some(&step.claims)
                .filter(|claims| !claims.is_empty())
                .unwrap_or(&held.claims)
                .clone(),
            ..*held
        },
        _ => step.clone(),
    }
}

/// The redirect to a step that confirms a number of a signed-in user, who comes back to this page.
/// `None` without a live session.
pub(crate) fn for_route(flow: &Flow, head: &Parts) -> Option<Reply> {
    let session = flow.live_session(&head.headers)?;
    let place = target::return_here(flow, head);
    let id = SessionId::random()?;
    let step = Step {
        is_for_session: true,
        ..step_of(flow, session, id.as_bytes(), &place)?
    };
    let step = joined(flow, &step, &head.headers);
    let reply = Reply::see_other(&flow.config.prefix.phone());
    Some(step.kept_by(flow, reply))
}

/// Whether the browser has a live step.
pub(crate) fn is_live(flow: &Flow, headers: &HeaderMap) -> bool {
    let now = flow.config.clock.unix();
    matches!(step::held(flow, headers), Some(Held::Live(step)) if !step.is_over(now))
}

/// Gives the user the number that a live session of the same user has confirmed. The user does not
/// prove it again.
pub(crate) fn keep_confirmed(flow: &Flow, session: &mut Session, headers: &HeaderMap) -> bool {
    let live = flow.live_session(headers);
    let known = live.filter(|live| {
        live.binding == session.binding
            && live.user.subject == session.user.subject
            && live.user.phone_assurance >= PhoneAssurance::Confirmed
            // The reader of a custom provider may report a number of a higher assurance.
            && live.user.phone_assurance >= session.user.phone_assurance
            && known::is_young(flow, &live.user)
    });
    let Some(known) = known else {
        return false;
    };
    take_number(&mut session.user, &known.user);
    true
}

/// Copies the number with its assurance and time.
fn take_number(user: &mut VerifiedUser, known: &VerifiedUser) {
    user.phone = known.phone;
    user.phone_assurance = known.phone_assurance;
    user.facts_mut().confirmed_at = known.facts().confirmed_at;
}
