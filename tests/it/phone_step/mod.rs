//! The phone step: a user without an acceptable number proves one by a one-time code.

mod clients;
mod faults;
mod hostile;
pub(crate) mod kit;
mod known_numbers;
mod limits;
mod open_tabs;
mod pages;
mod places;
mod profile;
mod recheck;
mod rotation;
mod rules;
mod services;
mod sessions;
mod settings;
mod sign_out_hint;
mod timing;
mod way;
mod without_phone;
