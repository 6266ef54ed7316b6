//! Which pages of other origins may read a refusal.

use http::{
    HeaderMap, HeaderValue,
    header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN, VARY},
};

use crate::flow::Flow;
use crate::web::reply::Reply;

/// A page of an allowed origin may read why it was refused (Fetch, "CORS protocol").
pub(crate) fn readable(flow: &Flow, reply: Reply, headers: &HeaderMap) -> Reply {
    let reply = reply.header_if_missing(VARY, HeaderValue::from_static("Origin, Cookie"));
    let origin = headers.get(ORIGIN);
    match origin.filter(|sent| flow.config.cors_origins.iter().any(|known| known == sent)) {
        Some(origin) => reply
            .header_if_missing(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone())
            .header_if_missing(
                ACCESS_CONTROL_ALLOW_CREDENTIALS,
                HeaderValue::from_static("true"),
            ),
        None => reply,
    }
}
