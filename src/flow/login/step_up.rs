//! What a route asks beyond a session, and what is done about it.

use std::{sync::atomic::Ordering, time::Duration};

use http::{HeaderMap, Method, StatusCode, request::Parts};

use super::{foreign, freshness::Proof, pending::AttemptKind, start};
use crate::{
    error::{LoginError, LoginErrorKind, refusal::Reason},
    flow::{
        Action, Flow,
        refuse::{self, unauthorized},
        request::{link, navigation, target},
    },
    phone::PhoneAssurance,
    session::user::VerifiedUser,
    web::reply::Reply,
};

/// What a route asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Requirements {
    pub(crate) max_age: Option<Duration>,
    /// A fresh sign-in that was asked for counts without a proof.
    pub(crate) accepts_unproved: bool,
    pub(crate) assurance: PhoneAssurance,
}

impl Default for Requirements {
    fn default() -> Self {
        Self {
            max_age: None,
            accepts_unproved: false,
            assurance: PhoneAssurance::Unverified,
        }
    }
}

impl Flow {
    /// From now on, requests keep the address they were sent to.
    pub(crate) fn keep_targets(&self) {
        self.keeps_targets.store(true, Ordering::Relaxed);
    }

    pub(crate) fn keeps_targets(&self) -> bool {
        self.keeps_targets.load(Ordering::Relaxed)
    }

    /// None if `user` has what is asked.
    pub(crate) fn demand(
        &self,
        demand: Requirements,
        user: Option<&VerifiedUser>,
        method: &Method,
        headers: &HeaderMap,
    ) -> Option<Action> {
        let page = navigation::is_page_visit(method, headers);
        let Some(user) = user else {
            let reason = Reason::NoSession;
            return Some(if page {
                Action::Start
            } else {
                self.turn_away(method, headers, reason)
            });
        };
        if user.phone_assurance < demand.assurance {
            return Some(Action::TooLittleAssurance);
        }
        match self.proof(demand, user) {
            Proof::Enough => None,
            Proof::Missing => Some(Action::Unproved),
            Proof::AskAgain if page => Some(Action::StepUp),
            Proof::AskAgain => Some(self.turn_away(method, headers, Reason::StepUp)),
        }
    }
}

/// Sends a signed-in person to sign in afresh, at the same provider, and back to the same page.
pub(crate) async fn step_up(flow: &Flow, head: &Parts) -> Reply {
    let return_to = target::target(flow, head);
    let user = head.extensions.get::<VerifiedUser>();
    let Some(provider) = user.and_then(|user| flow.by_name(&user.provider)) else {
        let login = flow.config.prefix.login();
        return unauthorized::answer(flow, Reason::NoSession, &login, head);
    };
    let login = link::afresh(flow.login_link(Some(&provider.name), &return_to));
    if let Some(question) = foreign::ask(flow, StatusCode::FORBIDDEN, &login, head) {
        return question;
    }
    let attempt = AttemptKind {
        fresh: true,
        ..AttemptKind::default()
    };
    start::begin(flow, provider, return_to, attempt, &head.headers).await
}

/// The provider does not say that the user proved it, or said otherwise when it was asked.
pub(crate) fn unproved(flow: &Flow, head: &Parts) -> Reply {
    let user = head.extensions.get::<VerifiedUser>();
    if let Some(user) = user {
        flow.warn_unproved(user);
    }
    let error = LoginError::new(LoginErrorKind::Unproved);
    let error = match user {
        // The provider was asked with max_age, and must say it then (OpenID Connect Core section 3.1.2.1).
        Some(user) if user.asked_afresh && user.proved_at.is_none() => error.coded("auth_time"),
        _ => error,
    };
    forbidden(flow, head, error, Reason::Unproved)
}

pub(crate) fn too_little_assurance(flow: &Flow, head: &Parts) -> Reply {
    let error = LoginError::new(LoginErrorKind::PhoneNotVerified);
    forbidden(flow, head, error, Reason::TooLittleAssurance)
}

/// The application's rule says no: signing in as somebody else may help.
pub(crate) fn not_allowed(flow: &Flow, head: &Parts) -> Reply {
    let error = LoginError::new(LoginErrorKind::Denied);
    forbidden(flow, head, error, Reason::NotAllowed)
}

/// One signed-in user may ask any number of times: the lines are limited.
fn forbidden(flow: &Flow, head: &Parts, error: LoginError, reason: Reason) -> Reply {
    let kept = head.extensions.get::<VerifiedUser>().cloned();
    let name = kept
        .or_else(|| flow.user(&head.headers))
        .map(|user| user.provider);
    if !navigation::wants_page(&head.headers) {
        let place = if target::stands_on_a_page(head) {
            target::page_before(flow, head)
        } else {
            flow.home()
        };
        let retry = link::afresh(flow.login_link(name.as_deref(), &place));
        return refuse::forbidden(flow, reason, &retry, head);
    }
    let error = error.by_browser();
    refuse::login(
        flow,
        name.as_deref(),
        &error,
        &target::target(flow, head),
        &head.headers,
    )
}
