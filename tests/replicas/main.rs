//! One shop on several machines, over a real Redis and a real Valkey: `.ci/run` installs them. Nothing is skipped where
//! they are missing.

#![allow(clippy::unwrap_used, clippy::panic)]

mod machines;
#[allow(dead_code, unused_imports)]
#[path = "../it/support/mod.rs"]
mod support;

mod access;
mod cut;
mod many;
mod outages;
mod replay;
mod restore;
mod stream;
mod tls;
