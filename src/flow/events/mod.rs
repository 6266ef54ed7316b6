//! `/auth/events/{provider}`: the provider says that somebody is signed out there, or took the
//! link away.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderValue, Method, StatusCode, Version,
    header::{self, CONNECTION},
    request::Parts,
};
use serde_json::json;
use tokio::runtime::Handle;

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

pub(crate) mod handling;
pub(crate) mod kept;

/// Kakao waits three seconds, others about as long. Then they are answered, whether it is done or not.
const MOST: Duration = Duration::from_millis(2500);

/// By then the keys may be asked for again.
const RETRY_AFTER: Duration = Duration::from_secs(10);
/// The rest of that time for the answer, if the provider's keys came too late.
const SPARE: Duration = Duration::from_millis(200);

impl Flow {
    /// What a request to `/auth/events/{name}` is.
    pub(super) fn event(&self, method: &Method, name: &str) -> Action {
        let provider = self.providers.iter().position(|known| &*known.name == name);
        let methods = provider.and_then(|index| self.providers.get(index)?.client.event_methods());
        match (provider, methods) {
            (Some(provider), Some(methods)) if methods.split(", ").any(|known| method == known) => {
                Action::Event { provider }
            }
            (_, Some(methods)) => Action::MethodNotAllowed(methods),
            (_, None) => Action::NotFound,
        }
    }
}

/// A provider calls seldom, and keeps its connection. The next call would meet a dead one after a restart of this process,
/// and not every provider repeats it: so over HTTP/1 each answer ends the connection.
pub(super) fn closes_connection(flow: &Flow, head: &Parts) -> bool {
    let own = flow.config.prefix.strip(head.uri.path());
    own.is_some_and(|own| own.starts_with("/events/")) && head.version < Version::HTTP_2
}

pub(super) fn closing(reply: Reply, closes: bool) -> Reply {
    if closes {
        reply.header(CONNECTION, HeaderValue::from_static("close"))
    } else {
        reply
    }
}

pub(super) async fn answer(
    flow: &Arc<Flow>,
    index: usize,
    head: &Parts,
    body: RequestBody,
) -> Reply {
    let Some(provider) = flow.providers.get(index) else {
        return Reply::empty(StatusCode::NOT_FOUND);
    };
    if Handle::try_current().is_err() {
        tracing::error!("an event needs a tokio runtime, and there is none");
        return Reply::empty(StatusCode::SERVICE_UNAVAILABLE);
    }
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
    let Some(responses) = provider.client.responses(&event) else {
        return Reply::empty(StatusCode::NOT_FOUND);
    };
    let time = provider.time.min(MOST.saturating_sub(SPARE));
    let received = receive(flow, index, provider, event, responses);
    let answered = tokio::time::timeout(MOST, within(Purpose::Event, time, received));
    answered.await.unwrap_or_else(|_| {
        // What began goes on.
        flow.config.audit.event_refused(&provider.name, "late");
        Reply::empty(responses.failed)
    })
}

fn status(unread: Unread) -> StatusCode {
    match unread {
        Unread::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        Unread::TooSlow => StatusCode::REQUEST_TIMEOUT,
        Unread::Broken => StatusCode::BAD_REQUEST,
    }
}

/// Verifies an event, and has it handled in a task of its own: neither our patience nor the provider's ends that.
async fn receive(
    flow: &Arc<Flow>,
    index: usize,
    provider: &Registered,
    event: Event<'_>,
    responses: &EventResponses,
) -> Reply {
    let name = &*provider.name;
    let event = match provider.client.verify_event(event).await {
        Ok(event) => event,
        Err(error) => {
            if matches!(error, EventError::Deferred { starts_task: true }) {
                kept::watch(flow, index);
            }
            return refuse(flow, name, error, responses);
        }
    };
    match handling::begin(flow, index, name, event) {
        Ok(outcome) => Reply::empty(if is_done(outcome).await {
            responses.done
        } else {
            responses.failed
        }),
        Err("jti") => document(responses, responses.repeated, "jti"),
        Err(part) => document(responses, StatusCode::BAD_REQUEST, part),
    }
}

fn refuse(flow: &Flow, provider: &str, error: EventError, responses: &EventResponses) -> Reply {
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

/// Its key cannot be known yet.
fn later() -> Reply {
    let seconds = HeaderValue::from(RETRY_AFTER.as_secs());
    Reply::empty(StatusCode::SERVICE_UNAVAILABLE).header(header::RETRY_AFTER, seconds)
}

/// RFC 8935 section 2.4 names what is wrong; the logout token's answer has no names of its own.
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
