//! Facts about a request, read from its method, address and headers.

pub(crate) mod cross_origin;
pub(crate) mod cross_site;
pub(crate) mod in_app;
pub(crate) mod libraries;
pub(crate) mod link;
pub(crate) mod navigation;
pub(crate) mod preflight;
pub(crate) mod same_origin;
pub(crate) mod target;
