//! What one provider says of itself, and which of its endpoints answer.

use serde_json::Value;
use tokio::time::Instant;

use super::{
    super::facts::{Call, Metadata, Provider},
    all::all,
    call::Caller,
};
use crate::{
    clock::Clock,
    error::{LoginError, escaped},
    flow::Examined,
    http_client::{BoxFuture, CallName},
    provider::{
        Dialect,
        oidc::outlined::KeysFound,
        outline::{OpenId, Outline},
    },
};

pub(super) fn facts<'a>(examined: Examined<'a>, clock: &'a Clock) -> BoxFuture<'a, Provider> {
    Box::pin(gathered(examined, clock))
}

async fn gathered(examined: Examined<'_>, clock: &Clock) -> Provider {
    let Examined {
        name,
        dialect,
        client,
        time,
        is_paused,
        redirect_uri,
        events_uri,
        logged_out_uri,
    } = examined;
    let caller = Caller {
        client,
        clock,
        deadline: Instant::now() + time,
    };
    let outline = dialect.outline();
    let (metadata, endpoints) = discovered(dialect, &outline, &caller).await;
    let calls = endpoints
        .iter()
        .map(|(name, address)| -> BoxFuture<'_, Call> { Box::pin(caller.call(*name, address)) });
    let calls = all(calls.collect()).await;
    let asked = metadata.iter().map(|metadata| &metadata.call).chain(&calls);
    let clock = asked.filter_map(|call| call.outcome.as_ref().ok()?.clock);
    Provider {
        name: name.to_owned(),
        redirect_uri,
        events_uri,
        logged_out_uri,
        is_paused,
        clock: clock.min_by_key(|difference| difference.unsigned_abs()),
        keys: calls.iter().find_map(keys),
        outline,
        metadata,
        calls,
    }
}

/// The metadata, and the endpoints to call.
async fn discovered(
    dialect: &dyn Dialect,
    outline: &Outline,
    caller: &Caller<'_>,
) -> (Option<Metadata>, Vec<(CallName, String)>) {
    let mut endpoints = outline.endpoints.clone();
    let Some(openid) = &outline.openid else {
        return (None, endpoints);
    };
    let call = caller.call(CallName::Metadata, &openid.metadata).await;
    let document = document(&call);
    let mut refused = None;
    if let Some(text) = usable(&call, document.as_ref(), openid) {
        match dialect.accept(text).await {
            Ok(accepted) => endpoints.extend(accepted.endpoints),
            Err(error) => refused = Some(part(&error)),
        }
    }
    let metadata = Metadata {
        call,
        document,
        refused,
    };
    (Some(metadata), endpoints)
}

fn part(error: &LoginError) -> String {
    error
        .code()
        .map_or_else(|| error.kind().to_string(), escaped)
}

fn document(call: &Call) -> Option<Value> {
    let answer = call.outcome.as_ref().ok()?;
    let document = serde_json::from_slice::<Value>(bare(&answer.body)).ok();
    document.filter(|document| answer.status.is_success() && document.is_object())
}

/// The text of metadata that are of this issuer.
fn usable<'a>(call: &'a Call, document: Option<&Value>, openid: &OpenId) -> Option<&'a [u8]> {
    let is_its = document?["issuer"] == openid.issuer.as_str();
    let answer = call.outcome.as_ref().ok().filter(|_| is_its)?;
    Some(bare(&answer.body))
}

fn keys(call: &Call) -> Option<Result<KeysFound, ()>> {
    let answer = call.outcome.as_ref().ok();
    let answer =
        answer.filter(|answer| call.name == CallName::Keys && answer.status.is_success())?;
    Some(KeysFound::read(bare(&answer.body)).map_err(|_| ()))
}

/// Without a byte order mark.
fn bare(body: &[u8]) -> &[u8] {
    let body = body.trim_ascii_start();
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}
