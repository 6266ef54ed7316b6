//! Failures of many causes, each caused through the public door: the one line of the log names the cause. `cargo test
//! --all-features --test it causes:: -- --nocapture` prints the lines.

mod callback;
mod echo;
mod elsewhere;
mod exchange;
mod hostile;
mod id_token;
mod pages;
mod profile;
mod references;
mod row;
mod setup;
mod users;
