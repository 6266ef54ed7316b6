//! Every endpoint of every provider, failing in every way: the sign-in is refused in time, sessions go on, and the next
//! sign-in works without a restart.
//!
//! The answers of 100 MB are in `tests/memory`, a process of its own.

mod cause;
mod changes;
mod failure;
mod matrix;
pub(crate) mod tls;
mod world;

pub(crate) use self::{
    cause::closed,
    tls::{server as untrusted, showing},
};
