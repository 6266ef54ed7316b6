//! Shared by the tests: a shop behind the layer, its provider, and a browser.

pub(crate) mod browser;
pub(crate) mod clients;
pub(crate) mod consent;
pub(crate) mod events;
pub(crate) mod folder;
pub(crate) mod log;
pub(crate) mod outcome;
pub(crate) mod replicas;
pub(crate) mod revocation_log;
pub(crate) mod shop;
pub(crate) mod tls;
