//! Keycloak, one server for all tests of this folder. `.ci/run` downloads it and builds it for a quick start.

mod realm;
mod refusals;
mod server;
mod sign_in;

use realm::Realm;
