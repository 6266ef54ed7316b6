//! The local provider over HTTP.

#![allow(clippy::unwrap_used, clippy::panic)]

mod app;
mod fault;
mod google;
mod jwt;
mod kakao;
mod naver;
mod oidc;
mod server;
mod sms;
