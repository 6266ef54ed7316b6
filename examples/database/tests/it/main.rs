//! The shop, over its routes, at the local provider. No test needs a network.

mod browser;
mod database_down;
mod leave;
mod link;
mod sign_in;
mod start;
