//! Ory Hydra. It has no pages of its own, so `pages` is its application for login and consent.
//! `.ci/hydra` builds Hydra, which takes minutes.

mod back_channel;
mod clients;
mod keys;
mod pages;
mod refusals;
mod server;
mod sign_in;
mod sign_out;

use server::Hydra;
