//! The layer with real browsers, driven by the WebDriver protocol. All tests use Chromium, and
//! those in `engines` also Firefox and WebKit.
//!
//! `.ci/run` installs the browsers. A test fails if its browser is missing.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

mod accessibility;
mod consent;
mod dead_ends;
mod engines;
mod fragment;
mod history;
mod libraries;
mod pages;
mod phone;
mod saved_form;
mod script;
mod sign_in;
mod sign_out;
mod spa;
