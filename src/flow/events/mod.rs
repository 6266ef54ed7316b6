//! `/auth/events/{provider}`: a provider's report that a user has signed out there, or has unlinked
//! the application.
//!
//! 1. [`receive`] reads the body and has the provider's client verify it.
//! 2. An event whose key is not known yet is kept and verified by a task later (`kept.rs`),
//!    because not every provider sends it again.
//! 3. A verified event is handled once, in a task of its own (`handling.rs`): sessions are
//!    revoked, and the application's unlink hook runs.
//!
//! The provider gets its status of success only after that. If a step fails or takes too long, the
//! provider gets an error and sends the event again, if it repeats events at all. The statuses
//! differ by provider (`EventResponses`). Kakao's unlink webhook gets 200 in any case.
//!
//! | the event | reply | line in the audit log |
//! |---|---|---|
//! | the body is too long, too slow or broken | 413, 408 or 400 | |
//! | the sender is not the provider | 401 | `not_proved` |
//! | a claim is missing or wrong | 400 | the name of the claim |
//! | the key is unknown | 503 with `Retry-After` | `no_keys`, or `kept` if it waits for keys |
//! | was handled before | by the provider's protocol | `repeated` |
//! | takes too long | by the provider's protocol | `late`, and the handling goes on |

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderValue, Method, StatusCode, Version,
    header::{self, CONNECTION},
    request::Parts,
};
use serde_json::json;

use self::handling::is_done;
use super::{Action, Flow, Registered};
use crate::{
    calls::{Purpose, within},
    error::Mismatch,
    provider::event::{Event, EventError, EventResponses},
    web::{
        reply::Reply,
        request_body::{RequestBody, Unread},
    },
};

pub(crate) mod effects;
pub(crate) mod handling;
pub(crate) mod kept;

/// The time until the reply. Kakao waits for three seconds, and others about as long. The handling
/// goes on afterwards.
const TIMEOUT: Duration = Duration::from_millis(2500);

/// `Retry-After` of an event whose key is not known. By then the keys may be read again.
const RETRY_AFTER: Duration = Duration::from_secs(10);
/// The part of [`TIMEOUT`] that is left for the reply if the provider's keys come too late.
const SPARE: Duration = Duration::from_millis(200);

impl Flow {
    /// The action for a request to `/auth/events/{name}`. Each provider has its own methods. A
    /// provider without events gets 404.
    pub(super) fn event(&self, method: &Method, name: &str) -> Action {
        let provider = self.by_name(name);
        let methods = |known: &Arc<Registered>| known.client.event_methods();
        match provider.and_then(|known| Some((known, methods(known)?))) {
            Some((provider, methods)) if methods.contains(method) => {
                Action::Event(Arc::clone(provider))
            }
            Some((_, methods)) => Action::MethodNotAllowed(methods.allow()),
            None => Action::NotFound,
        }
    }
}

/// Whether the reply closes the connection. A provider calls seldom and keeps its connection open.
/// After a restart of this process, the provider's next call would use a dead connection, and not
/// every provider repeats a failed call. Replies over HTTP/1 therefore close the connection. HTTP/2
/// forbids the header (RFC 9113 section 8.2.2).
pub(super) fn closes_connection(flow: &Flow, head: &Parts) -> bool {
    let own = flow.config.prefix.strip(head.uri.path());
    own.is_some_and(|own| own.starts_with("/events/")) && head.version < Version::HTTP_2
}

/// Adds `Connection: close` if `closes` is true.
pub(super) fn closing(reply: Reply, closes: bool) -> Reply {
    if closes {
        reply.header(CONNECTION, HeaderValue::from_static("close"))
    } else {
        reply
    }
}

/// The reply to an event, within [`TIMEOUT`]. The body is read first, with limits of its own,
/// because any client can post here.
pub(super) async fn receive(
    flow: &Arc<Flow>,
    provider: &Arc<Registered>,
    head: &Parts,
    body: RequestBody,
) -> Reply {
    let body = match head.method {
        Method::GET => Ok(Bytes::new()),
        _ => body.read().await,
    };
    let body = match body {
        Ok(body) => body,
        Err(unread) => return Reply::empty(status(unread)),
    };
    let event = Event {
        method: &head.method,
        headers: &head.headers,
        query: head.uri.query(),
        body: &body,
    };
    // The statuses are known before the event is verified, because a failure needs one of them too.
    let Some(responses) = provider.client.responses(&event) else {
        return Reply::empty(StatusCode::NOT_FOUND);
    };
    let time = provider.time.min(TIMEOUT.saturating_sub(SPARE));
    let received = verify_and_handle(flow, provider, event, responses);
    let reply = tokio::time::timeout(TIMEOUT, within(Purpose::Event, time, received));
    reply.await.unwrap_or_else(|_| {
        // The handling goes on in its own task.
        flow.config.audit.event_refused(&provider.name, "late");
        Reply::empty(responses.failed)
    })
}

/// The status for a body that was not read.
fn status(unread: Unread) -> StatusCode {
    match unread {
        Unread::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        Unread::TooSlow => StatusCode::REQUEST_TIMEOUT,
        Unread::Broken => StatusCode::BAD_REQUEST,
    }
}

/// Verifies an event and has it handled in a task of its own, which no time-out ends.
async fn verify_and_handle(
    flow: &Arc<Flow>,
    provider: &Arc<Registered>,
    event: Event<'_>,
    responses: &EventResponses,
) -> Reply {
    let event = match provider.client.verify_event(event).await {
        Ok(event) => event,
        Err(error) => {
            if matches!(error, EventError::Deferred { starts_task: true }) {
                kept::watch(flow, provider);
            }
            return refusal(flow, &provider.name, error, responses);
        }
    };
    match handling::begin(flow, provider, event) {
        Ok(outcome) => Reply::empty(if is_done(outcome).await {
            responses.done
        } else {
            responses.failed
        }),
        Err("jti") => document(responses, responses.repeated, "jti"),
        Err(part) => document(responses, StatusCode::BAD_REQUEST, part),
    }
}

/// The reply to an event that was not verified, with a line in the log.
fn refusal(flow: &Flow, provider: &str, error: EventError, responses: &EventResponses) -> Reply {
    let mut mismatch = Mismatch::default();
    let (cause, reply) = match error {
        EventError::Unproved => ("not_proved", Reply::empty(StatusCode::UNAUTHORIZED)),
        EventError::Part(part) => (part, document(responses, StatusCode::BAD_REQUEST, part)),
        EventError::Differs(part, differs) => {
            mismatch = *differs;
            (part, document(responses, StatusCode::BAD_REQUEST, part))
        }
        EventError::NoKeys => ("no_keys", later()),
        EventError::Deferred { .. } => ("kept", later()),
    };
    let audit = &flow.config.audit;
    audit.event_differs(provider, cause, &mismatch);
    reply
}

/// 503, because the key may be known soon. A provider that repeats events comes again after
/// [`RETRY_AFTER`].
fn later() -> Reply {
    let seconds = HeaderValue::from(RETRY_AFTER.as_secs());
    Reply::empty(StatusCode::SERVICE_UNAVAILABLE).header(header::RETRY_AFTER, seconds)
}

/// The document that names the wrong part (RFC 8935 section 2.4). The logout token's reply has no
/// names for the parts, so a provider of those gets `invalid_request`.
fn document(responses: &EventResponses, status: StatusCode, part: &str) -> Reply {
    let [error, description] = match responses.members {
        Some(members) if status.is_client_error() => members,
        _ => return Reply::empty(status),
    };
    let code = match part {
        "iss" if error == "err" => "invalid_issuer",
        "aud" if error == "err" => "invalid_audience",
        "signature" if error == "err" => "invalid_key",
        _ => "invalid_request",
    };
    let words = format!("{part} is missing or wrong");
    Reply::json(status, &json!({ error: code, description: words }))
}
