//! Sending a code: one message from all limits first, then one call to the service.
//!
//! The work runs in a task of its own, so that a browser that gives up leaves no message without
//! its answer in the store.
//!
//! | the service | status | page | the limits |
//! |---|---|---|---|
//! | accepts | 303 | the code | count |
//! | refuses the number | 422 | the number | do not count |
//! | refuses, or is not set up right | 502 | the one before | do not count |
//! | has a limit of its own, or is not reached | 503 | the one before | do not count |
//! | does not answer in time | 504 | the code, as the message may have arrived | count |
//! | answers something else | 502 | the code, as the message may have arrived | count |

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use http::{StatusCode, request::Parts};
use tokio::time::timeout;
use tracing::{Instrument, Span};

use super::{
    config, now,
    pages::{self, Shown, note, retry_after, seconds},
    step::Step,
};
use crate::{
    config::{SEND_TIMEOUT, StepConfig},
    flow::Flow,
    hooks::PhoneStepEvent as Event,
    language::Accepted,
    page::{
        phone::{code, number},
        texts::Texts,
    },
    phone::PhoneNumber,
    phone_step::{
        Message, SendError, SendErrorKind, Service,
        attempts::{Outcome, Take, Taken},
        code::Code,
        limits::Limit,
    },
    web::reply::Reply,
};

/// The page that asked for the message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    Number,
    Code,
}

/// The result of one call to the service.
enum Sent {
    /// The service accepted the message. A verification service gives its id.
    Accepted(Option<String>),
    Failed(SendError),
    TimedOut,
}

/// Sends a code to the number, and leads to the page of the code.
pub(super) async fn send(
    flow: &Arc<Flow>,
    step: Step,
    number: PhoneNumber,
    from: From,
    head: &Parts,
) -> Reply {
    let (flow, head) = (Arc::clone(flow), head.clone());
    let work = async move {
        match config(&flow) {
            Some(config) => proceed(&flow, config, step, number, from, &head).await,
            None => Reply::empty(StatusCode::NOT_FOUND),
        }
    };
    let work = tokio::spawn(work.instrument(Span::current()));
    // The task ends early by a panic of the service or at shutdown.
    let failed = |_| Reply::empty(StatusCode::SERVICE_UNAVAILABLE);
    work.await.unwrap_or_else(failed)
}

/// Takes the message from the limits, sends it, and records the answer.
async fn proceed(
    flow: &Flow,
    config: &StepConfig,
    mut step: Step,
    number: PhoneNumber,
    from: From,
    head: &Parts,
) -> Reply {
    let Some(code) = Code::random() else {
        return Reply::empty(StatusCode::SERVICE_UNAVAILABLE);
    };
    let user = &step.session.user;
    let keeps_code = matches!(config.service, Service::Sender(_));
    let provider = step.session.binding.as_bytes();
    let address = config.clients.of(head);
    let keys = &config.keys;
    let (hashes, retired) = keys.hashes(number, provider, &user.subject, address);
    let take = Take {
        step: &step.id,
        ends_at: step.ends_at,
        is_first: !step.is_sent,
        number: hashes.number,
        code: keeps_code.then(|| keys.code(&step.bound(number), &code)),
        charges: hashes.charges,
        retired: &retired,
        limits: &config.limits,
    };
    let ticket = match config.attempts.take(&take, now(flow)).await {
        Ok(Taken::Granted(ticket)) => ticket,
        Ok(taken) => return not_taken(flow, config, &step, &taken, from, head).await,
        Err(error) => return pages::store_failed(flow, &step, &error, &head.headers),
    };
    config.is_fused.store(false, Ordering::Relaxed);
    let sent = call(config, number, &code, head).await;
    let outcome = match &sent {
        Sent::Accepted(_) => Outcome::Accepted,
        Sent::Failed(error) if !error.kind().may_have_sent() => Outcome::Refused,
        Sent::Failed(_) | Sent::TimedOut => Outcome::Unknown,
    };
    // Without this record, the store takes the message for one that may have arrived.
    let settled = config
        .attempts
        .settle(&step.id, &ticket, outcome, now(flow));
    if let Err(error) = settled.await {
        tracing::warn!(
            "the store of the phone step did not take the answer of the sender: {error}"
        );
    }
    if outcome != Outcome::Refused {
        step.is_sent = true;
        let is_other = step.number != Some(number);
        step.number = Some(number);
        // The code of a call without an answer may arrive, and then the number alone names it.
        if is_other {
            step.verification = (!keeps_code).then(String::new);
        }
    }
    answer(flow, step, sent, from, head).await
}

/// One call to the service, of ten seconds at most.
async fn call(config: &StepConfig, number: PhoneNumber, code: &Code, head: &Parts) -> Sent {
    let accepted = Accepted::of(&head.headers);
    let calling = async {
        match &config.service {
            Service::Sender(sender) => {
                let Some(texts) = &config.texts else {
                    return Err(SendError::new(SendErrorKind::Misconfigured));
                };
                let written = texts.write(&accepted, code);
                let message = Message::new(&number, &written.text, code.as_str())
                    .language(written.language)
                    .site(written.site);
                let sent = sender.send(&*config.http, message).await;
                sent.map(|()| None)
            }
            Service::Verifier(verifier) => {
                let language = Texts::preferred(&head.headers).tag();
                let started = verifier.start(&*config.http, &number, language).await;
                started.map(|verification| Some(verification.id().to_owned()))
            }
        }
    };
    match timeout(SEND_TIMEOUT, calling).await {
        Ok(Ok(verification)) => Sent::Accepted(verification),
        Ok(Err(error)) if error.provider_code() == Some("timed_out") => Sent::TimedOut,
        Ok(Err(error)) => Sent::Failed(error),
        Err(_) => Sent::TimedOut,
    }
}

/// The reply after the call. The new cookie goes along, because the store knows the step now.
async fn answer(flow: &Flow, mut step: Step, sent: Sent, from: From, head: &Parts) -> Reply {
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
async fn not_taken(
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
