//! Facts about a request, read from its method, address and headers.
//!
//! Browsers describe a request in the fetch metadata headers (`Sec-Fetch-Site`, `-Mode`, `-Dest`).
//! Older browsers and other clients do not send them, so each module says what a missing header
//! means. A header that stands twice is never trusted.

pub(crate) mod cross_origin;
pub(crate) mod cross_site;
pub(crate) mod grpc;
pub(crate) mod in_app;
pub(crate) mod libraries;
pub(crate) mod link;
pub(crate) mod navigation;
pub(crate) mod preflight;
pub(crate) mod same_origin;
pub(crate) mod target;
