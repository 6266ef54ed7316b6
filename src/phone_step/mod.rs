//! The phone step: a user proves a phone number by a one-time code.
//!
//! [`PhoneStep`] is the setting. A [`CodeSender`] sends a message that this crate wrote, with a
//! code that this crate made, keeps and counts. A [`NumberVerifier`] is a service that makes, keeps
//! and counts the code itself. The crate `tower-phone-auth-senders` has both for several services.
//! [`ConsoleSender`] is for development. The [`AttemptStore`] keeps tries and limits.

pub use self::{
    attempts::AttemptStore,
    console::ConsoleSender,
    error::{SendError, SendErrorKind},
    known_numbers::KnownNumbers,
    limits::PhoneLimits,
    sender::{CodeSender, Message},
    setting::PhoneStep,
    verifier::{Checked, NumberVerifier, Verification},
};
pub(crate) use self::{client::Clients, setting::Service};

pub(crate) mod attempts;
mod client;
pub(crate) mod code;
mod console;
mod error;
pub(crate) mod keys;
mod known_numbers;
pub(crate) mod limits;
pub(crate) mod number;
mod sender;
mod setting;
pub(crate) mod text;
mod verifier;
