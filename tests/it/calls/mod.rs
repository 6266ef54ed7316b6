//! Calls to providers are limited in time and in number, and while a provider is down.

pub(crate) mod canned;
mod circuit;
mod concurrency;
mod deadline;
mod sign_in_page;
