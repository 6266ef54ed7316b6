//! Attacks and failures that must be refused, with one test for each.

mod begun;
mod callback;
mod clients;
mod cross_site;
mod errors;
mod foreign_login;
mod gateways;
mod identity;
mod logout;
mod outage;
mod parameters;
mod preflight;
mod provider_quirks;
mod public_paths;
mod redirect;
mod state;
mod unauthorized;
