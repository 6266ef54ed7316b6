//! Connections to providers: what is asked for, what is sent again, and how long an answer may take.

mod encoded;
mod peer;
mod repeated;
mod timeouts;
