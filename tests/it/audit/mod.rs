//! The audit log: its events, their fields, and the number of events that strangers can cause.

mod clock;
mod limits;
mod redirects;
mod scenarios;
mod secrets;
mod start;
mod table;
