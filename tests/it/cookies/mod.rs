//! The cookies: their attributes, their seal, their number and their life.

mod attributes;
mod crowd;
mod keys;
mod life;
mod pending;
mod place;
mod renewal;
mod stripped;
mod tampering;
