//! Ory Hydra, which has no pages of its own: `pages` is its application for login and consent. `.ci/hydra`
//! builds it, which takes minutes.

mod back_channel;
mod clients;
mod keys;
mod leaving;
mod pages;
mod refusals;
mod server;
mod sign_in;

use server::Hydra;
