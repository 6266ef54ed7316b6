//! A repeated callback with the same pending cookie gets the same answer.

mod gate;
mod kept;
mod refused;
mod signed_in;
mod strangers;
