//! The local provider, seen over HTTP.

mod app;
mod fault;
mod kakao;
mod server;
