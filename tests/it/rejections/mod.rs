//! One attack, one test: what must not work.

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
mod providers_habits;
mod public_paths;
mod redirect;
mod state;
mod unauthorized;
