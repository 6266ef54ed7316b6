//! Sessions that end before their time, here and on other machines.

mod everywhere;
mod file;
mod log;
mod logout;
mod person;
mod stale;
mod start;
