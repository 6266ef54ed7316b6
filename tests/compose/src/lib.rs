//! The layer among other layers and on other servers. Each test signs a user in at the local
//! provider.
#![cfg(test)]
#![forbid(unsafe_code)]

mod browser;
mod http2;
mod lambda;
mod network;
mod shop;
mod tonic;
mod tower_http;
mod warp;
