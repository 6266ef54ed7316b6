//! `/auth/events/{provider}`: the provider says that somebody is signed out there, or took the
//! link away.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join;
use http::{Method, StatusCode, request::Parts};
use serde_json::json;

use super::{Flow, Journey, Registered};
use crate::{
    audit::Notice,
    body::{RequestBody, Unread},
    clock::UnixTime,
    hooks::Unlink,
    provider::event::{Event, Heard, Manner, Told, Unheard},
    reply::Reply,
    revocation::NotEverywhere,
};

/// Kakao waits three seconds, others about as long. Whatever is not done then counts as not done.
const MOST: Duration = Duration::from_millis(2500);

impl Flow {
    /// What a request to `/auth/events/{name}` is.
    pub(super) fn event(&self, method: &Method, name: &str) -> Journey {
        let provider = self.providers.iter().position(|known| &*known.name == name);
        let methods = provider.and_then(|index| self.providers.get(index)?.dialect.event_methods());
        match (provider, methods) {
            (Some(provider), Some(methods)) if methods.split(", ").any(|known| method == known) => {
                Journey::Event { provider }
            }
            (_, Some(methods)) => Journey::MethodNotAllowed(methods),
            (_, None) => Journey::NotFound,
        }
    }
}

pub(super) async fn answer(
    flow: &Flow,
    provider: &Registered,
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
    let Some(manner) = provider.dialect.manner(&event) else {
        return Reply::empty(StatusCode::NOT_FOUND);
    };
    let handling = handle(flow, provider, event, manner);
    let handled = tokio::time::timeout(MOST, handling).await;
    handled.unwrap_or_else(|_| {
        flow.config.audit.event_refused(&provider.name, "late");
        Reply::empty(manner.failed)
    })
}

fn status(unread: Unread) -> StatusCode {
    match unread {
        Unread::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
        Unread::TooSlow => StatusCode::REQUEST_TIMEOUT,
        Unread::Broken => StatusCode::BAD_REQUEST,
    }
}

async fn handle(flow: &Flow, provider: &Registered, event: Event<'_>, manner: &Manner) -> Reply {
    let name = &*provider.name;
    let heard = match provider.dialect.hear(event).await {
        Ok(heard) => heard,
        Err(unheard) => return refuse(flow, name, unheard, manner),
    };
    let Heard { id, told, at } = heard;
    // A copy that turns up later, where nobody knows it, ends no session begun since.
    let now = flow.config.clock.unix();
    let at = at.map_or(now, |at| at.min(now));
    let id = id.map(|id| format!("{name}\0{id}"));
    if id.as_ref().is_some_and(|id| flow.heard.contains_text(id)) {
        flow.config.audit.event_refused(name, "repeated");
        return document(manner, manner.repeated, "jti");
    }
    for told in told {
        if !act(flow, provider, told, at).await {
            return Reply::empty(manner.failed);
        }
    }
    // Only now: what failed must be able to come again.
    if let Some(id) = id {
        flow.heard.add_text(&id);
    }
    Reply::empty(manner.done)
}

/// Whether it is done.
async fn act(flow: &Flow, provider: &Registered, told: Told, at: UnixTime) -> bool {
    let name = &*provider.name;
    let (ended, hooked) = match &told {
        Told::SubjectEnded(subject) => (flow.end_subject(provider, subject, at).await, true),
        Told::SessionEnded(sid) => {
            let ended = flow.end_provider_session(provider, sid, None, at);
            (ended.await, true)
        }
        Told::SessionOfSubjectEnded { session, subject } => {
            let ended = flow.end_provider_session(provider, session, Some(subject), at);
            (ended.await, true)
        }
        Told::Unlinked(subject) => unlinked(flow, provider, subject, at).await,
    };
    flow.config.audit.event(Notice {
        provider: name,
        cause: told.cause(),
        subject: told.subject(),
        complete: ended.is_ok(),
    });
    if ended.is_err() {
        tracing::error!(
            provider = name,
            "an event ended sessions here and not everywhere"
        );
    }
    ended.is_ok() && hooked
}

/// Sessions end here at once. The hook does not wait for the other machines, nor need them: not every provider
/// says it twice.
async fn unlinked(
    flow: &Flow,
    provider: &Registered,
    subject: &str,
    at: UnixTime,
) -> (Result<(), NotEverywhere>, bool) {
    let unlink = Unlink {
        provider: provider.name.clone(),
        subject: subject.into(),
    };
    let ended = flow.end_subject(provider, subject, at);
    join(ended, flow.config.hooks.unlink(unlink)).await
}

fn refuse(flow: &Flow, provider: &str, unheard: Unheard, manner: &Manner) -> Reply {
    let (cause, reply) = match unheard {
        Unheard::Unproved => ("not_proved", Reply::empty(StatusCode::UNAUTHORIZED)),
        Unheard::Part(part) => (part, document(manner, StatusCode::BAD_REQUEST, part)),
        Unheard::NoKeys => ("no_keys", Reply::empty(manner.failed)),
    };
    flow.config.audit.event_refused(provider, cause);
    reply
}

/// RFC 8935 section 2.4 names what is wrong; the logout token's answer has no names of its own.
fn document(manner: &Manner, status: StatusCode, part: &str) -> Reply {
    let [error, description] = match manner.members {
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
