//! The process of a provider, a shop behind the layer, and a browser with its user.

pub(crate) mod browser;
pub(crate) mod caddy;
#[allow(dead_code)]
#[path = "../../it/support/clients.rs"]
pub(crate) mod clients;
mod cookies;
pub(crate) mod envoy;
#[path = "../../it/support/events.rs"]
pub(crate) mod events;
pub(crate) mod form;
pub(crate) mod nginx;
pub(crate) mod provider;
pub(crate) mod shop;
pub(crate) mod site;
pub(crate) mod time;
pub(crate) mod user;
