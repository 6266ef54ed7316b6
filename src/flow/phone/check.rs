//! Checking a code. The store counts the try before anything is compared.

use std::{sync::Arc, time::Duration};

use http::{StatusCode, request::Parts};
use tokio::time::timeout;
use tracing::{Instrument, Span};

use super::{
    config, finish, now,
    pages::{self, note, retry_after},
    step::Step,
};
use crate::{
    config::{SEND_TIMEOUT, StepConfig},
    flow::Flow,
    hooks::PhoneStepEvent as Event,
    page::phone::code::Problem,
    phone::PhoneNumber,
    phone_step::{
        Checked, NumberVerifier, SendErrorKind, Service, Verification,
        attempts::{CheckOutcome, Guess, Reserved, StoreError},
        code::Code,
    },
    web::reply::Reply,
};

/// The result of a check.
enum Answer {
    Known(Guess),
    /// As many checks run as tries are left.
    Busy,
    /// The verification service did not answer. The status of the reply.
    Unanswered(StatusCode),
    StoreFailed(StoreError),
}

/// Checks the code and begins the session. It runs in a task of its own, because a browser that
/// gives up must not leave a used code without its session's line in the log.
pub(super) async fn check(
    flow: &Arc<Flow>,
    step: Step,
    number: PhoneNumber,
    code: Code,
    head: &Parts,
) -> Reply {
    let (flow, head) = (Arc::clone(flow), head.clone());
    let work = async move {
        let Some(config) = config(&flow) else {
            return Reply::empty(StatusCode::NOT_FOUND);
        };
        let verdict = match &config.service {
            Service::Sender(_) => guess(&flow, config, &step, number, &code).await,
            Service::Verifier(verifier) => {
                verify(&flow, config, &**verifier, &step, number, &code).await
            }
        };
        answer(&flow, step, number, verdict, &head).await
    };
    let work = tokio::spawn(work.instrument(Span::current()));
    // The task ends early by a panic of a hook or at shutdown.
    let failed = |_| Reply::empty(StatusCode::SERVICE_UNAVAILABLE);
    work.await.unwrap_or_else(failed)
}

/// Compares a code of this crate.
async fn guess(
    flow: &Flow,
    config: &StepConfig,
    step: &Step,
    number: PhoneNumber,
    code: &Code,
) -> Answer {
    let candidates = config.keys.candidates(&step.bound(number), code);
    let guess = config.attempts.guess(&step.id, &candidates, now(flow));
    guess.await.map_or_else(Answer::StoreFailed, Answer::Known)
}

/// Asks the verification service. A try is taken before the call, and given back if the service was
/// not reached. A cookie of an earlier number asks nothing.
async fn verify(
    flow: &Flow,
    config: &StepConfig,
    verifier: &dyn NumberVerifier,
    step: &Step,
    number: PhoneNumber,
    code: &Code,
) -> Answer {
    let verification = match step.verification.as_deref() {
        Some("") => Some(Verification::without_id(number)),
        Some(id) => Verification::new(number, id).ok(),
        None => None,
    };
    let Some(verification) = verification else {
        return Answer::Known(Guess::NoCode);
    };
    let ticket = match config.attempts.reserve_check(&step.id, now(flow)).await {
        Ok(Reserved::Granted(ticket)) => ticket,
        Ok(Reserved::Busy) => return Answer::Busy,
        Ok(Reserved::Refused(guess)) => return Answer::Known(guess),
        Err(error) => return Answer::StoreFailed(error),
    };
    let (outcome, failed) = if step.is_for(ticket.number, flow) {
        let checking = verifier.check(&*config.http, &number, &verification, code.as_str());
        match timeout(SEND_TIMEOUT, checking).await {
            Ok(Ok(Checked::Right)) => (CheckOutcome::Right, None),
            Ok(Ok(Checked::Wrong)) => (CheckOutcome::Wrong, None),
            Ok(Ok(Checked::Over)) => (CheckOutcome::Over, None),
            Ok(Err(error)) => {
                tracing::warn!("a code was not checked: {error}");
                (CheckOutcome::Unanswered, Some(status(error.kind())))
            }
            Err(_) => (CheckOutcome::Unanswered, Some(StatusCode::GATEWAY_TIMEOUT)),
        }
    } else {
        (CheckOutcome::NotAsked, None)
    };
    let settled = config
        .attempts
        .settle_check(&step.id, &ticket, outcome, now(flow));
    match (settled.await, failed) {
        (Err(error), _) => Answer::StoreFailed(error),
        (Ok(_), Some(status)) => Answer::Unanswered(status),
        (Ok(guess), None) => Answer::Known(guess),
    }
}

/// The status after an error of the verification service.
fn status(kind: SendErrorKind) -> StatusCode {
    match kind {
        SendErrorKind::Busy { .. } | SendErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_GATEWAY,
    }
}

/// The reply to a code.
async fn answer(
    flow: &Arc<Flow>,
    step: Step,
    number: PhoneNumber,
    verdict: Answer,
    head: &Parts,
) -> Reply {
    let guess = match verdict {
        Answer::Known(guess) => guess,
        Answer::Busy => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            let reply = refused(flow, &step, status, Problem::Unavailable, head).await;
            return retry_after(reply, Duration::from_secs(1));
        }
        Answer::Unanswered(status) => {
            return refused(flow, &step, status, Problem::NotChecked, head).await;
        }
        Answer::StoreFailed(error) => {
            return pages::store_failed(flow, &step, &error, &head.headers);
        }
    };
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    match guess {
        Guess::Right => finish::finish(flow, step, number, head).await,
        Guess::Wrong { left: 0 } => {
            note(flow, &step, Event::WrongCode);
            pages::over(flow, &step, "step_ended", head)
        }
        Guess::Wrong { left } => {
            note(flow, &step, Event::WrongCode);
            refused(flow, &step, unfit, Problem::Wrong(left.into()), head).await
        }
        Guess::Expired | Guess::NoCode => refused(flow, &step, unfit, Problem::Expired, head).await,
        Guess::Ended => pages::over(flow, &step, "step_ended", head),
        Guess::Done => pages::done(flow, &step, head),
        Guess::Lost => pages::over(flow, &step, "step_lost", head),
    }
}

/// The page of the code with a problem.
async fn refused(
    flow: &Flow,
    step: &Step,
    status: StatusCode,
    problem: Problem,
    head: &Parts,
) -> Reply {
    pages::code_now(flow, step, status, problem, &head.headers).await
}
