//! Requirements of a route beyond a session: how fresh the sign-in is, and how well the phone
//! number is assured.
//!
//! `require()` decides with [`Flow::check_requirements`], which is pure. The other functions are
//! the actions that follow, such as a fresh sign-in, or a page that says why a fresh sign-in would
//! not help.
//!
//! | the user | page visit | form or script |
//! |---|---|---|
//! | has a phone number that a phone step could confirm | the phone step | 403 |
//! | has another one of too low assurance, or breaks a rule | 403 | 403 |
//! | signed in too long ago | a fresh sign-in at the same provider | 401, or the form is saved |
//! | has no proof, and can get none | 403 | 403 |

use std::{
    fmt,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

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

/// A rule of the application about a user.
pub(crate) type Rule = dyn Fn(&VerifiedUser) -> bool + Send + Sync;

/// The requirements of a route.
#[derive(Clone)]
pub(crate) struct Requirements {
    /// The longest time since the user authenticated at the provider.
    pub(crate) max_age: Option<Duration>,
    /// A sign-in for which the provider was asked to authenticate the user again counts, although
    /// the provider does not prove that it did.
    pub(crate) accepts_unproved: bool,
    /// The lowest assurance of the phone number.
    pub(crate) assurance: PhoneAssurance,
    /// The rules of the application, which all have to accept the user.
    pub(crate) rules: Vec<Arc<Rule>>,
}

/// Shows how many rules there are. Functions have no `Debug` output.
impl fmt::Debug for Requirements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requirements")
            .field("max_age", &self.max_age)
            .field("accepts_unproved", &self.accepts_unproved)
            .field("assurance", &self.assurance)
            .field("rules", &self.rules.len())
            .finish()
    }
}

impl Default for Requirements {
    fn default() -> Self {
        Self {
            max_age: None,
            accepts_unproved: false,
            assurance: PhoneAssurance::Unverified,
            rules: Vec::new(),
        }
    }
}

impl Flow {
    /// Makes requests keep their original address from now on, so that a step-up can come back to
    /// it. Without a `require()` no route needs the address, so requests are spared the copy.
    pub(crate) fn keep_targets(&self) {
        self.keeps_targets.store(true, Ordering::Relaxed);
    }

    /// Whether requests keep their original address.
    pub(crate) fn keeps_targets(&self) -> bool {
        self.keeps_targets.load(Ordering::Relaxed)
    }

    /// The action for a user who lacks something, or `None` if the user meets the requirements. The
    /// phone number and the rules are checked first, because a fresh sign-in would not change them.
    pub(crate) fn check_requirements(
        &self,
        requirements: &Requirements,
        user: &VerifiedUser,
        method: &Method,
        headers: &HeaderMap,
    ) -> Option<Action> {
        if user.phone_assurance < requirements.assurance {
            let can_confirm = self.config.phone_step.is_some()
                && requirements.assurance == PhoneAssurance::Confirmed
                && navigation::is_page_visit(method, headers);
            return Some(match can_confirm {
                true => Action::ConfirmNumber,
                false => Action::TooLittleAssurance,
            });
        }
        if !requirements.rules.iter().all(|rule| rule(user)) {
            return Some(Action::NotAllowed);
        }
        match self.proof(requirements, user) {
            Proof::Enough => None,
            Proof::Missing => Some(Action::Unproved),
            Proof::AskAgain if navigation::is_page_visit(method, headers) => Some(Action::StepUp),
            Proof::AskAgain => Some(self.turn_away(method, headers, Reason::StepUp)),
        }
    }
}

/// Sends a user to the same provider for a fresh sign-in, and back to the same page.
pub(crate) async fn step_up(flow: &Flow, head: &Parts) -> Reply {
    let return_to = target::return_here(flow, head);
    let user = head.extensions.get::<VerifiedUser>();
    // Both exist when the action is chosen, so this branch is not reached.
    let Some(provider) = user.and_then(|user| flow.by_name(&user.provider)) else {
        let login = flow.config.prefix.login();
        return unauthorized::reply(flow, Reason::NoSession, &login, head);
    };
    let login = link::for_fresh_sign_in(flow.login_link(Some(&provider.name), &return_to));
    if let Some(question) = foreign::ask(flow, StatusCode::FORBIDDEN, &login, head) {
        return question;
    }
    let attempt = AttemptKind {
        fresh: true,
        ..AttemptKind::default()
    };
    start::begin(flow, provider, return_to, attempt, &head.headers).await
}

/// The page for a sign-in that is not proved to be fresh. The provider gives no `auth_time`, or
/// gave one that is too old although it was asked.
pub(crate) fn unproved(flow: &Flow, head: &Parts) -> Reply {
    let user = head.extensions.get::<VerifiedUser>();
    if let Some(user) = user {
        flow.warn_unproved(user);
    }
    let error = LoginError::new(LoginErrorKind::Unproved);
    let error = match user {
        // The provider was asked with `max_age`, and must then send `auth_time` (OpenID Connect
        // Core section 3.1.2.1).
        Some(user) if user.facts().was_asked_in_vain() => error.coded("auth_time"),
        _ => error,
    };
    forbidden(flow, head, error, Reason::Unproved)
}

/// The page for a phone number whose assurance is too low for the route.
pub(crate) fn too_little_assurance(flow: &Flow, head: &Parts) -> Reply {
    let error = LoginError::new(LoginErrorKind::PhoneNotVerified);
    forbidden(flow, head, error, Reason::TooLittleAssurance)
}

/// The page for a user whom the application's rule does not accept. Another account may be
/// accepted.
pub(crate) fn not_allowed(flow: &Flow, head: &Parts) -> Reply {
    let error = LoginError::new(LoginErrorKind::Denied);
    forbidden(flow, head, error, Reason::NotAllowed)
}

/// 403 with a page for a user, or a problem document, and a line for the page in the log. One user
/// can repeat the request any number of times, so the lines are limited.
fn forbidden(flow: &Flow, head: &Parts, error: LoginError, reason: Reason) -> Reply {
    let error = error.by_browser();
    if navigation::wants_page(&head.headers) {
        let name = provider_of_user(flow, head);
        flow.config.audit.refusal(name.as_deref(), &error);
    }
    forbidden_page(flow, head, &error, reason)
}

/// [`forbidden`] without the line in the log, which was written before. The link for a fresh
/// sign-in is for the application's own reply and for the page of a frame.
pub(crate) fn forbidden_page(
    flow: &Flow,
    head: &Parts,
    error: &LoginError,
    reason: Reason,
) -> Reply {
    let name = provider_of_user(flow, head);
    if !navigation::wants_page(&head.headers) {
        let place = if target::is_on_a_page(head) {
            target::page_before(flow, head)
        } else {
            flow.home()
        };
        let retry = link::for_fresh_sign_in(flow.login_link(name.as_deref(), &place));
        return refuse::forbidden(flow, reason, &retry, head);
    }
    refuse::login_page(
        flow,
        name.as_deref(),
        error,
        &target::return_here(flow, head),
        &head.headers,
    )
}

/// The name of the provider of the signed-in user.
fn provider_of_user(flow: &Flow, head: &Parts) -> Option<Arc<str>> {
    let kept = head.extensions.get::<VerifiedUser>().cloned();
    kept.or_else(|| flow.user(&head.headers))
        .map(|user| user.provider)
}
