//! Sessions that end before their time, here and on other machines.

mod bounded;
mod during_sign_in;
mod everywhere;
mod file;
mod future;
mod log;
mod logout;
mod outages;
mod person;
mod stale;
mod start;
