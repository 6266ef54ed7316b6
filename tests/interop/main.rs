//! The layer with providers that others wrote, each a process on a loopback port.
//!
//! `.ci/run` installs the providers. A test fails if its provider is missing.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

mod below_path;
mod canaille;
mod certified;
mod django;
mod fronts;
mod gateway;
mod gateway_renewal;
mod hydra;
mod keycloak;
mod kit;
mod mock_server;
mod mockoidc;
mod nginx_limits;
mod oidc_provider_mock;
mod zitadel;
