//! Browsers, the shop that they visit, and the page of its provider.

#[path = "../../it/support/tls.rs"]
mod acceptor;
pub(crate) mod browser;
#[allow(dead_code)]
#[path = "../../it/support/clients.rs"]
pub(crate) mod clients;
mod driver;
pub(crate) mod engine;
pub(crate) mod example;
pub(crate) mod input;
mod marionette;
mod protocol;
pub(crate) mod provider_page;
#[allow(dead_code)]
#[path = "../../it/support/revocation_log.rs"]
pub(crate) mod revocation_log;
pub(crate) mod shop;
mod tabs;
mod tls;
mod view;
