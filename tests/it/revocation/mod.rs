//! Revocation: sessions that end early, on this replica and on others.

mod all_sessions;
mod bounded;
mod during_sign_in;
mod file;
mod future_dates;
mod log;
mod one_replica;
mod outages;
mod rebuilt;
mod several_replicas;
mod stale;
mod start;
mod waits;
