//! `/auth/phone`: a user without an acceptable number proves one by a one-time code.
//!
//! 1. The callback ends here in place of a refusal ([`begin`]). The user, who has no number yet,
//!    goes sealed into a cookie (`step.rs`), and the browser to `/auth/phone`.
//! 2. `POST /auth/phone` has the number. One message is taken from all limits in the store, and
//!    then the service is called (`send.rs`). The browser goes to `/auth/phone/code`.
//! 3. `POST /auth/phone/code` has the code, or asks for a new one. The store counts each try before
//!    it compares (`check.rs`).
//! 4. The right code begins the session (`finish.rs`), as a callback does.
//!
//! The cookie holds nothing that a replay could use: tries, waits and codes are in the store, under
//! the id of the step, which comes from the `state` of the sign-in. Only a POST of this origin
//! sends a message or uses up a try.
//!
//! | request | the browser has | reply |
//! |---|---|---|
//! | GET | a live step | the form |
//! | GET | a finished step, and its session | the return address |
//! | GET | none of both, and a session | the start page |
//! | POST | a live step | as the files above say |
//! | POST | a step that is over, and a session | 403 that says so, with a link to go on |
//! | POST | no live step, and no session | 403 with a link to the sign-in |
//! | GET | no live step, and no session | the same |

use std::sync::Arc;

use http::{StatusCode, request::Parts};

use super::{Flow, form, request::same_origin};
use crate::{
    config::StepConfig,
    flow::phone::{pages::Shown, step::Held},
    page::phone::{code, number},
    phone_step::attempts::{Moment, StepState},
    web::{reply::Reply, request_body::RequestBody, return_to::ReturnTo},
};

pub(crate) use self::step::{SealedStep, Step};

pub(crate) mod begin;
mod check;
mod finish;
pub(crate) mod known;
pub(crate) mod not_given;
mod pages;
mod send;
mod send_reply;
mod step;
mod typed;

/// GET `/auth/phone`.
pub(super) async fn ask_number(flow: &Flow, head: &Parts) -> Reply {
    match current(flow, head).await {
        Ok(Current { step, .. }) => pages::number(flow, &step, StatusCode::OK, None, &head.headers),
        Err(reply) => reply,
    }
}

/// GET `/auth/phone/code`. Before the first message there is no code to ask for.
pub(super) async fn ask_code(flow: &Flow, head: &Parts) -> Reply {
    match current(flow, head).await {
        Ok(Current { step, .. }) if step.number.is_none() => {
            Reply::see_other(&flow.config.prefix.phone())
        }
        Ok(Current { step, state, .. }) => {
            let shown = Shown::now(state.as_ref());
            pages::code(flow, &step, StatusCode::OK, None, shown, &head.headers)
        }
        Err(reply) => reply,
    }
}

/// POST `/auth/phone`, with `number`.
pub(super) async fn take_number(flow: &Arc<Flow>, head: &Parts, body: RequestBody) -> Reply {
    let (step, typed) = match posted(flow, head, body).await {
        Ok(posted) => posted,
        Err(reply) => return reply,
    };
    let Some(config) = &flow.config.phone_step else {
        return Reply::empty(StatusCode::NOT_FOUND);
    };
    match config.regions.read(typed.number()) {
        Ok(number) => send::send(flow, step, number, send_reply::From::Number, head).await,
        Err(_) => {
            let problem = Some(number::Problem::Unfit);
            pages::note(flow, &step, crate::hooks::PhoneStepEvent::NumberUnfit);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            pages::number(flow, &step, status, problem, &head.headers)
        }
    }
}

/// POST `/auth/phone/code`, with `code`, or with `action=resend`.
pub(super) async fn take_code(flow: &Arc<Flow>, head: &Parts, body: RequestBody) -> Reply {
    let (step, typed) = match posted(flow, head, body).await {
        Ok(posted) => posted,
        Err(reply) => return reply,
    };
    let Some(number) = step.number else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let problem = Some(number::Problem::Unfit);
        return pages::number(flow, &step, status, problem, &head.headers);
    };
    if typed.asks_again() {
        return send::send(flow, step, number, send_reply::From::Code, head).await;
    }
    let Some(code) = typed.code() else {
        let problem = code::Problem::Malformed;
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return pages::code_now(flow, &step, status, problem, &head.headers).await;
    };
    check::check(flow, step, number, code, head).await
}

/// A live step, with its state in the store.
struct Current {
    step: Step,
    /// `None` before the first message.
    state: Option<StepState>,
}

/// The live step of a page visit, or the reply in its place.
async fn current(flow: &Flow, head: &Parts) -> Result<Current, Reply> {
    let step = live(flow, head).map_err(|reply| *reply)?;
    let Some(config) = &flow.config.phone_step else {
        return Err(Reply::empty(StatusCode::NOT_FOUND));
    };
    let state = match config.attempts.state(&step.id, now(flow)).await {
        Ok(state) => state,
        Err(error) => {
            return Err(pages::store_failed(flow, &step, &error, &head.headers));
        }
    };
    match &state {
        Some(state) if state.is_done => Err(pages::over(flow, &step, "step_done", head)),
        Some(state) if state.is_ended => Err(pages::over(flow, &step, "step_ended", head)),
        None if step.is_sent => Err(pages::over(flow, &step, "step_lost", head)),
        _ => Ok(Current { step, state }),
    }
}

/// The live step of the browser. Without one, a signed-in user goes on, and any other gets a page
/// with a link to the sign-in.
fn live(flow: &Flow, head: &Parts) -> Result<Step, Box<Reply>> {
    let headers = &head.headers;
    let reply = match step::held(flow, headers) {
        // The same user was signed in with a confirmed number meanwhile, in another tab.
        Some(Held::Live(step)) if step.is_confirmed_by(flow.live_session(headers).as_ref()) => {
            form::go_on_again(flow, &step.place, headers)
        }
        Some(Held::Live(step)) if flow.was_revoked(&step.session) => {
            pages::over(flow, &step, "session_ended", head)
        }
        Some(Held::Live(step)) if step.is_over(flow.config.clock.unix()) => {
            pages::over(flow, &step, "step_over", head)
        }
        // Another user may sit at the browser since the session ended.
        Some(Held::Live(step)) if !step.is_of_session(flow, headers) => {
            of_another_session(flow, &step, head)
        }
        Some(Held::Live(step)) => return Ok(*step),
        Some(Held::Done(place)) if flow.is_signed_in(headers) => {
            form::go_on_again(flow, &place, headers)
        }
        Some(Held::Done(_)) | None if flow.is_signed_in(headers) => {
            Reply::see_other(flow.home().as_str())
        }
        Some(Held::Done(place)) => pages::refused(flow, None, "step_missing", &place, head),
        None => pages::refused(flow, None, "step_missing", &flow.home(), head),
    };
    Err(Box::new(reply))
}

/// The reply to the step of a session that has ended. A new session may be of another user, who
/// does not get the return address of the first one.
fn of_another_session(flow: &Flow, step: &Step, head: &Parts) -> Reply {
    let reply = match flow.live_session(&head.headers) {
        Some(live) if step.is_same_user(&live) => {
            pages::signed_in(flow, &step.place, &head.headers)
        }
        Some(_) => pages::signed_in(flow, &flow.home(), &head.headers),
        None => return pages::over(flow, step, "session_ended", head),
    };
    reply.cookie(flow.cookies.phone_step.delete(""))
}

/// The live step of a POST, and the fields of the form. A POST of another site is refused before
/// anything is read.
async fn posted(
    flow: &Flow,
    head: &Parts,
    body: RequestBody,
) -> Result<(Step, typed::Typed), Reply> {
    let headers = &head.headers;
    if same_origin::is_foreign(headers, flow.config.origin.as_str()) {
        return Err(pages::foreign(flow, head));
    }
    let step = match step::held(flow, headers) {
        Some(Held::Live(step)) if step.is_confirmed_by(flow.live_session(headers).as_ref()) => {
            return Err(pages::signed_in(flow, &step.place, headers));
        }
        Some(Held::Live(_)) => live(flow, head).map_err(|reply| *reply)?,
        Some(Held::Done(place)) => return Err(without_step(flow, &place, head)),
        None => return Err(without_step(flow, &flow.home(), head)),
    };
    // A replica that does not know the revocations could begin a session that was ended.
    if !flow.is_ready() {
        return Err(pages::unavailable(flow, &step, &head.headers));
    }
    // A body that does not arrive counts as an empty form, whose page says what is missing.
    let body = body.read().await.unwrap_or_default();
    Ok((step, typed::Typed::read(&body)))
}

/// The reply to a POST without a live step.
fn without_step(flow: &Flow, place: &ReturnTo, head: &Parts) -> Reply {
    match flow.is_signed_in(&head.headers) {
        true => pages::signed_in(flow, place, &head.headers),
        false => pages::refused(flow, None, "step_missing", place, head),
    }
}

impl Flow {
    /// Writes a line if messages are too long for the origin. It comes after all checks of the
    /// settings, so that a wrong setting is the only line.
    pub(crate) fn warn_of_long_host(&self) {
        if self
            .config
            .phone_step
            .as_ref()
            .is_some_and(|step| step.lacks_origin_line)
        {
            tracing::warn!(
                "the host, or the name of the site, is too long for the line that binds a code to \
                 this origin: messages go without it, and browsers do not fill codes in"
            );
        }
    }
}

/// The time by both clocks.
fn now(flow: &Flow) -> Moment {
    Moment::now(&flow.config.clock)
}

/// The setting, which every step has.
fn config(flow: &Flow) -> Option<&StepConfig> {
    flow.config.phone_step.as_ref()
}
