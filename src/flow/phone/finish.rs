//! The end of a phone step: the session, as after a callback.

use http::{HeaderMap, HeaderValue, request::Parts};

use super::{known, pages, step::Step};
use crate::{
    error::{LoginError, LoginErrorKind},
    flow::{Flow, end_session, enter, form, refuse},
    hooks::PhoneStepEvent,
    phone::PhoneNumber,
    provider::claims::ProviderClaims,
    session::{Session, id::SessionId, user::VerifiedUser},
    web::reply::Reply,
};

/// Begins the session of the user with the proved number.
pub(super) async fn finish(flow: &Flow, step: Step, number: PhoneNumber, head: &Parts) -> Reply {
    pages::note(flow, &step, PhoneStepEvent::Confirmed);
    // The user may have been signed out at the provider meanwhile.
    if flow.was_revoked(&step.session) {
        return pages::over(flow, &step, "session_ended", head);
    }
    let mut user = step.session.user.clone();
    known::confirm(&mut user, number, flow.config.clock.unix());
    // The session of the route ends, and a new one must not have its id.
    if step.is_for_session {
        let Some(id) = SessionId::random() else {
            let error = LoginError::new(LoginErrorKind::InvalidAnswer);
            return refused(flow, &step, &error, head);
        };
        user.facts_mut().session_id = id;
    }
    let claims_known = flow.claims_date(step.session.binding, &user);
    let claims = ProviderClaims::of_kept(&step.claims);
    let entered = flow.config.hooks.sign_in(&user, None, claims);
    match entered.await {
        // The session of a route may have claims that the application gives no more.
        Ok(None) => user.remove_claims(),
        Ok(Some(claims)) => user.set_claims(&claims, claims_known),
        Err(error) => {
            let masked = flow.config.audit.mask(&user.provider, &user.subject);
            return refused(flow, &step, &error.about(masked.into_string()), head);
        }
    }
    // A sign-out may have arrived while the hook ran. The new session would outlive it.
    if flow.was_revoked(&step.session) || !step.is_of_session(flow, &head.headers) {
        return pages::over(flow, &step, "session_ended", head);
    }
    known::put(flow, &user).await;
    enter(flow, &step, user, head).await
}

/// 303 to the return address, with the session.
async fn enter(flow: &Flow, step: &Step, user: VerifiedUser, head: &Parts) -> Reply {
    let (headers, now) = (&head.headers, flow.config.clock.unix());
    let session = Session::new(user, step.session.binding, now);
    let Some(cookie) = enter::begin(flow, &session, headers).await else {
        let error = LoginError::new(LoginErrorKind::InvalidAnswer);
        return refused(flow, step, &error, head);
    };
    let reply = form::go_on(flow, &step.place, headers)
        .cookie(Some(cookie))
        .cookie(forget_refused(flow, headers))
        .cookie(flow.config.cookies.count_sign_in(headers));
    let reply = step.ended_by(flow, reply);
    end_session::hand_over(flow, &session, headers, reply)
}

/// Deletes the cookie of an account that was refused before.
fn forget_refused(flow: &Flow, headers: &HeaderMap) -> Option<HeaderValue> {
    let cookie = &flow.cookies.account;
    cookie.is_brought("", headers).then(|| cookie.delete(""))?
}

/// The page of a refused sign-in. The code is used up, so the step ends.
fn refused(flow: &Flow, step: &Step, error: &LoginError, head: &Parts) -> Reply {
    let provider = Some(&*step.session.user.provider);
    let reply = refuse::login(flow, provider, error, &step.place, &head.headers);
    let reply = reply.cookie(flow.cookies.phone_step.delete(""));
    end_session::forget_step(flow, &head.headers, reply)
}
