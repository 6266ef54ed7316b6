//! One shop on several replicas, with a real Redis and a real Valkey.
//!
//! `.ci/run` installs the servers. A test fails if its server is missing.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
#[path = "../it/phone_step/kit.rs"]
mod kit;
mod setup;
#[allow(dead_code, unused_imports)]
#[path = "../it/support/mod.rs"]
mod support;

mod access;
mod cut;
mod many;
mod outages;
mod replay;
mod restore;
mod steps;
mod stream;
mod tls;
