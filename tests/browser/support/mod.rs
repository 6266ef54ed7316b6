//! The parts that every test of this binary uses.

pub(crate) mod browser;
#[allow(dead_code)]
#[path = "../../it/support/clients.rs"]
pub(crate) mod clients;
mod driver;
pub(crate) mod engine;
pub(crate) mod hands;
mod marionette;
pub(crate) mod person;
pub(crate) mod shop;
mod tls;
mod wire;
