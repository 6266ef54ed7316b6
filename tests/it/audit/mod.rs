//! The audit log: its events, what they hold, and how many strangers can cause.

mod clock;
mod departures;
mod limits;
mod ready;
mod scenarios;
mod secrets;
mod table;
