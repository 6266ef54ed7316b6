//! CORS headers of refusals.
//!
//! The responses of the application are not touched, because its own CORS layer is responsible for
//! them.

use http::{
    HeaderMap, HeaderValue,
    header::{ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN, VARY},
};

use crate::flow::Flow;
use crate::web::reply::Reply;

/// Lets a page of a listed origin read a refusal (Fetch, "CORS protocol"). Without the headers, the
/// page would see a network error and could not send its user to the sign-in. `Vary` keeps a cache
/// from giving one origin's refusal to another.
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
