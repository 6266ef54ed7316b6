//! Every endpoint of every provider fails in every way. The sign-in is refused in time, sessions
//! continue, and the next sign-in works without a restart.
//!
//! Answers of 100 MB are tested in `tests/memory`, in their own process.

mod cause;
mod changes;
mod circuit;
mod failure;
mod matrix;
mod sign_out;
pub(crate) mod tls;
mod world;

pub(crate) use self::{
    cause::closed,
    tls::{server as untrusted, showing},
};
