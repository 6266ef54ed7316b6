//! HTTP: requests, responses and loopback addresses.

pub(crate) mod answer;
pub(crate) mod document;
pub(crate) mod endpoint;
pub(crate) mod loopback;
pub(crate) mod params;
pub(crate) mod record;
