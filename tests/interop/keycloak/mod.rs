//! Keycloak, one server for all tests of this folder. `.ci/run` downloads it, and prepares it for a
//! quick start.

mod addresses;
mod back_channel;
mod clients;
mod forged;
mod log;
mod numbers;
mod parameters;
mod realm;
mod recheck;
mod refusals;
mod restarts;
mod server;
mod sign_in;
mod sign_out;
mod step_up;
mod tokens;

use realm::Realm;
