//! The phone step: a user proves a phone number by a one-time code.
//!
//! A [`CodeSender`] sends a message that this crate wrote, with a code that this crate made, keeps
//! and counts. A [`NumberVerifier`] is a service that makes, keeps and counts the code itself. The
//! crate `tower-phone-auth-senders` has both for several services. [`ConsoleSender`] is for
//! development.

pub use self::{
    console::ConsoleSender,
    error::{SendError, SendErrorKind},
    sender::{CodeSender, Message},
    verifier::{Checked, NumberVerifier, Verification},
};

mod console;
mod error;
mod sender;
mod verifier;
