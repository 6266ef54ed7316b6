//! Calls to providers are bounded: in time, in number, and while a provider is down.

mod busy;
pub(crate) mod canned;
mod circuit;
mod deadline;
mod sign_in_page;
