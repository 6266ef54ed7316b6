//! The layer through its public door, against a real provider process with real HTTP.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

mod cookies;
mod input;
mod journeys;
mod kakao;
mod local_provider;
mod rejections;
mod secrets;
