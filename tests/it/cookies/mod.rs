//! The cookies: their attributes, encryption, number and lifetime.

mod attributes;
mod keys;
mod lifetime;
mod many_users;
mod origin_and_prefix;
mod pending;
mod renewal;
mod stripped;
mod tampering;
