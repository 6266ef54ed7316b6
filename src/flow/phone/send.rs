//! Sending a code: one message from all limits first, then one call to the service.
//!
//! The work runs in a task of its own, so that a browser that gives up leaves no message without
//! its answer in the store.

use std::sync::{Arc, atomic::Ordering};

use http::{StatusCode, request::Parts};
use tokio::time::timeout;
use tracing::{Instrument, Span};

use super::{
    config, now, pages,
    send_reply::{self, From, Sent},
    step::Step,
};
use crate::{
    config::{SEND_TIMEOUT, StepConfig},
    flow::Flow,
    language::Accepted,
    page::texts::Texts,
    phone::PhoneNumber,
    phone_step::{
        Message, SendError, SendErrorKind, Service,
        attempts::{Outcome, Take, Taken},
        code::Code,
    },
    web::reply::Reply,
};

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
        Ok(taken) => return send_reply::not_taken(flow, config, &step, &taken, from, head).await,
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
    send_reply::answer(flow, step, sent, from, head).await
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
