//! The audit log: its events, what they hold, and how many strangers can cause.

mod clock;
mod limits;
mod redirects;
mod scenarios;
mod secrets;
mod start;
mod table;
