//! The parts that every test of this binary uses.

pub(crate) mod browser;
mod driver;
pub(crate) mod engine;
pub(crate) mod hands;
mod marionette;
pub(crate) mod person;
pub(crate) mod shop;
mod tls;
mod wire;
