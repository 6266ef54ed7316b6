//! The local provider, seen over HTTP.

mod account;
mod app;
mod consent;
mod fault;
mod oidc;
mod server;
mod token;
