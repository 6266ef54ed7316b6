//! The local provider, seen over HTTP.

mod app;
mod fault;
mod jwt;
mod kakao;
mod oidc;
mod server;
