//! What the tests share: a provider's process, a shop behind the layer, and a person at a browser.

pub(crate) mod browser;
#[allow(dead_code)]
#[path = "../../it/support/clients.rs"]
pub(crate) mod clients;
#[path = "../../it/support/events.rs"]
pub(crate) mod events;
pub(crate) mod form;
pub(crate) mod person;
pub(crate) mod provider;
pub(crate) mod shop;
pub(crate) mod site;
pub(crate) mod time;
