//! Calls to providers are bounded: in time, in number, and while a provider is down.

pub(crate) mod canned;
mod circuit;
mod concurrency;
mod deadline;
mod sign_in_page;
