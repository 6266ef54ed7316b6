//! The cookies: their attributes, their seal, their number and their life.

mod attributes;
mod keys;
mod lifetime;
mod many_users;
mod origin_and_prefix;
mod pending;
mod renewal;
mod stripped;
mod tampering;
