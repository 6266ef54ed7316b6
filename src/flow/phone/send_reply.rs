//! The reply to a request for a message: after the call to the service, or if a limit is reached.
//!
//! | the service | status | page | the limits |
//! |---|---|---|---|
//! | accepts | 303 | the code | count |
//! | refuses the number | 422 | the number | do not count |
//! | refuses, or is not set up right | 502 | the one before | do not count |
//! | has a limit of its own, or is not reached | 503 | the one before | do not count |
//! | does not answer in time | 504 | the code, as the message may have arrived | count |
//! | answers something else | 502 | the code, as the message may have arrived | count |

use std::{sync::atomic::Ordering, time::Duration};

use http::{StatusCode, request::Parts};

use super::{
    pages::{self, Shown, note, retry_after, seconds},
    step::Step,
};
use crate::{
    config::StepConfig,
    flow::Flow,
    hooks::PhoneStepEvent as Event,
    page::phone::{code, number},
    phone_step::{SendError, SendErrorKind, attempts::Taken, limits::Limit},
    web::reply::Reply,
};

/// The page that asked for the message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    Number,
    Code,
}

/// The result of one call to the service.
pub(super) enum Sent {
    /// The service accepted the message. A verification service gives its id.
    Accepted(Option<String>),
    Failed(SendError),
    TimedOut,
}

/// The reply after the call. The new cookie goes along, because the store knows the step now.
pub(super) async fn answer(
    flow: &Flow,
    mut step: Step,
    sent: Sent,
    from: From,
    head: &Parts,
) -> Reply {
    let event = match &sent {
        Sent::Accepted(_) => Event::Sent,
        Sent::Failed(error) if error.kind() == SendErrorKind::NumberRefused => Event::NumberUnfit,
        Sent::Failed(error) if !error.kind().may_have_sent() => Event::NotSent,
        Sent::Failed(_) | Sent::TimedOut => Event::MayBeSent,
    };
    note(flow, &step, event);
    let reply = match sent {
        Sent::Accepted(verification) => {
            step.verification = verification;
            Reply::see_other(&flow.config.prefix.phone_code())
        }
        Sent::TimedOut => {
            tracing::warn!("the sender of the phone step did not answer in time");
            may_arrive(flow, &step, StatusCode::GATEWAY_TIMEOUT, head).await
        }
        Sent::Failed(error) => {
            log(&error);
            match error.kind() {
                SendErrorKind::NumberRefused => {
                    let problem = Some(number::Problem::Unfit);
                    let status = StatusCode::UNPROCESSABLE_ENTITY;
                    pages::number(flow, &step, status, problem, &head.headers)
                }
                SendErrorKind::Unknown => {
                    may_arrive(flow, &step, StatusCode::BAD_GATEWAY, head).await
                }
                SendErrorKind::Busy { retry_after: wait } => {
                    let wait = wait.unwrap_or(Duration::from_secs(30));
                    let status = StatusCode::SERVICE_UNAVAILABLE;
                    retry_after(not_sent(flow, &step, status, from, head).await, wait)
                }
                SendErrorKind::Unavailable => {
                    let status = StatusCode::SERVICE_UNAVAILABLE;
                    not_sent(flow, &step, status, from, head).await
                }
                SendErrorKind::Refused | SendErrorKind::Misconfigured => {
                    not_sent(flow, &step, StatusCode::BAD_GATEWAY, from, head).await
                }
            }
        }
    };
    step.kept_by(flow, reply)
}

/// Writes the error of a service. Only a wrong set-up needs an operator.
fn log(error: &SendError) {
    let source = crate::error::sources(error);
    let remedy = error.operator_remedy();
    match error.kind() {
        SendErrorKind::Misconfigured => {
            tracing::error!(source, remedy, "no code was sent: {error}");
        }
        _ => tracing::warn!(source, remedy, "a code was probably not sent: {error}"),
    }
}

/// The page of the code, with the note that the message may arrive.
async fn may_arrive(flow: &Flow, step: &Step, status: StatusCode, head: &Parts) -> Reply {
    pages::code_now(flow, step, status, code::Problem::MayArrive, &head.headers).await
}

/// The page that asked for the message, with the note that none was sent.
async fn not_sent(flow: &Flow, step: &Step, status: StatusCode, from: From, head: &Parts) -> Reply {
    match from {
        From::Number => {
            let problem = Some(number::Problem::Unavailable);
            pages::number(flow, step, status, problem, &head.headers)
        }
        From::Code => {
            let problem = code::Problem::Unavailable;
            pages::code_now(flow, step, status, problem, &head.headers).await
        }
    }
}

/// The reply to a message that the store did not grant. Nothing was written.
pub(super) async fn not_taken(
    flow: &Flow,
    config: &StepConfig,
    step: &Step,
    taken: &Taken,
    from: From,
    head: &Parts,
) -> Reply {
    let (event, wait) = match taken {
        Taken::TooEarly { wait } => (Event::TooEarly, *wait),
        Taken::OverLimit { which, wait } => (event_of(*which), *wait),
        Taken::Total { wait } => (Event::TotalLimit, *wait),
        Taken::Ended => return pages::over(flow, step, "step_ended", head),
        Taken::Done => return pages::done(flow, step, head),
        Taken::Lost | Taken::Granted(_) => return pages::over(flow, step, "step_lost", head),
    };
    if event == Event::TotalLimit {
        note_total(flow, config, step);
        let status = StatusCode::SERVICE_UNAVAILABLE;
        return retry_after(not_sent(flow, step, status, from, head).await, wait);
    }
    note(flow, step, event);
    let status = StatusCode::TOO_MANY_REQUESTS;
    let secs = seconds(wait).max(1);
    let reply = match from {
        From::Number => {
            let problem = Some(number::Problem::TooMany(secs));
            pages::number(flow, step, status, problem, &head.headers)
        }
        From::Code => {
            let problem = Some(code::Problem::TooMany(secs));
            let shown = Shown::default();
            pages::code(flow, step, status, problem, shown, &head.headers)
        }
    };
    retry_after(reply, wait)
}

/// One line for each time that the limit is reached.
fn note_total(flow: &Flow, config: &StepConfig, step: &Step) {
    if config.is_fused.swap(true, Ordering::Relaxed) {
        let provider = &step.session.user.provider;
        flow.config
            .audit
            .phone_step_again(provider, Event::TotalLimit);
    } else {
        note(flow, step, Event::TotalLimit);
    }
}

/// The event of a limit.
fn event_of(limit: Limit) -> Event {
    match limit {
        Limit::Number => Event::NumberLimit,
        Limit::Person => Event::PersonLimit,
        Limit::Address => Event::AddressLimit,
        Limit::Prefix => Event::PrefixLimit,
        Limit::Total => Event::TotalLimit,
    }
}
