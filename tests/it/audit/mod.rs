//! The audit log: its events, what they hold, and how many strangers can cause.

mod limits;
mod scenarios;
mod secrets;
mod table;
