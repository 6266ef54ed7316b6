//! The senders, against recorded replies and against the local provider.

#![allow(clippy::unwrap_used, clippy::panic)]

mod errors;
mod fake;
mod local;
mod nhn;
mod secrets;
mod sens;
mod solapi;
mod twilio;
mod vonage;
