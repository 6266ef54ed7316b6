//! The metadata of one provider, and the answers of its endpoints.

use serde_json::Value;
use tokio::time::Instant;

use super::{all::all, call::Caller};
use crate::doctor::facts::{Call, Metadata, Provider};
use crate::{
    clock::Clock,
    error::{ProviderError, escaped},
    flow::Examined,
    http_client::{BoxFuture, CallName},
    provider::{ProviderClient, oidc::outlined::KeysFound, outline::Outline},
};

/// The facts about one provider. Boxed, so that several can be awaited at once.
pub(super) fn facts<'a>(examined: Examined<'a>, clock: &'a Clock) -> BoxFuture<'a, Provider> {
    Box::pin(gathered(examined, clock))
}

/// Reads the metadata first, because they name the endpoints, and then calls all endpoints at once.
async fn gathered(examined: Examined<'_>, clock: &Clock) -> Provider {
    let Examined {
        name,
        client,
        http,
        time,
        is_paused,
        redirect_uri,
        events_uri,
        logged_out_uri,
    } = examined;
    let caller = Caller {
        http,
        clock,
        deadline: Instant::now() + time,
    };
    let outline = client.outline();
    let (metadata, endpoints) = discovered(client, &outline, &caller).await;
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
        // The smallest difference, because a slow answer or a cache only makes it larger.
        clock: clock.min_by_key(|difference| difference.unsigned_abs()),
        keys: calls.iter().find_map(keys),
        outline,
        metadata,
        calls,
    }
}

/// The metadata, and the endpoints to call. Without metadata, the endpoints are those of the
/// settings.
async fn discovered(
    client: &dyn ProviderClient,
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
    // Metadata of another issuer are not used.
    let its = document.as_ref();
    let its = its.filter(|document| document["issuer"] == openid.issuer.as_str());
    if let Some(document) = its {
        // The client itself decides whether a sign-in could use the metadata, so the doctor cannot
        // differ from it.
        match client.accept(document).await {
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

/// The member of the metadata that is not usable, with its value, or the cause if no member is
/// named.
fn part(error: &ProviderError) -> String {
    let part = error.code().map(escaped);
    let part = part.unwrap_or_else(|| error.kind().to_string());
    let found = error.call().and_then(|call| call.mismatch.found.as_deref());
    found.map_or_else(|| part.clone(), |found| format!("{part}: {found}"))
}

/// The JSON object of an answer. `None` unless the status is a success. A byte order mark is
/// tolerated, as in a sign-in.
fn document(call: &Call) -> Option<Value> {
    let answer = call.outcome.as_ref().ok()?;
    let body = answer.body.trim_ascii_start();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let document = serde_json::from_slice::<Value>(body).ok();
    document.filter(|document| answer.status.is_success() && document.is_object())
}

/// The key set of an answer. `None` if this is another call, or unless its status is a success.
/// `Err` if the body is no key set.
fn keys(call: &Call) -> Option<Result<KeysFound, ()>> {
    let answer = call.outcome.as_ref().ok();
    answer.filter(|answer| call.name == CallName::Keys && answer.status.is_success())?;
    let keys = document(call).map(|document| KeysFound::read(&document));
    Some(keys.and_then(Result::ok).ok_or(()))
}
