//! The local provider, seen over HTTP.

mod app;
mod fault;
mod google;
mod jwt;
mod kakao;
mod naver;
mod oidc;
mod server;
