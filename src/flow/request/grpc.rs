//! gRPC calls. A gRPC client reads a status in trailers, and takes any other reply for a broken
//! connection.

use http::{
    Method, Version,
    header::{CONTENT_LENGTH, CONTENT_TYPE, TE},
    request::Parts,
};

use super::navigation::once;

/// Whether the request is a gRPC call as the protocol defines it (gRPC over HTTP/2, "Requests"):
/// POST on HTTP/2, with trailers expected, one content type, and a body. The check is strict
/// because the refusal of a gRPC call has the status 200, which any other client would take for a
/// success. A body of no bytes is no call either, because every message has five bytes in front of
/// it.
pub(crate) fn is_grpc_call(head: &Parts) -> bool {
    let headers = &head.headers;
    let is_grpc = once(headers, &CONTENT_TYPE).is_some_and(|kind| is_grpc_type(kind.as_bytes()));
    let has_trailers = once(headers, &TE).is_some_and(|te| te == "trailers");
    let is_empty = headers
        .get(CONTENT_LENGTH)
        .is_some_and(|length| length == "0");
    let is_call = head.method == Method::POST && head.version == Version::HTTP_2;
    is_call && is_grpc && has_trailers && !is_empty
}

/// Whether a content type is gRPC: `application/grpc`, alone, with a message format as in
/// `application/grpc+proto`, or with parameters. gRPC-Web is another protocol, whose clients read
/// the status.
fn is_grpc_type(kind: &[u8]) -> bool {
    const GRPC: &[u8] = b"application/grpc";
    let Some((start, rest)) = kind.split_at_checked(GRPC.len()) else {
        return false;
    };
    start.eq_ignore_ascii_case(GRPC) && matches!(rest.first(), None | Some(b'+' | b';'))
}
