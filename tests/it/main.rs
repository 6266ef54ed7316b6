//! The layer through its public door, against a real provider process with real HTTP.

mod support;

mod journeys;
mod local_provider;
