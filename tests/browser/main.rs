//! The layer in front of a real browser: Chromium without a window, driven by the WebDriver protocol.
//! `.ci/run` installs it. Nothing is skipped where it is missing.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

mod consent;
mod dead_ends;
mod fragment;
mod history;
mod pages;
mod saved_form;
mod script;
mod sign_in;
mod sign_out;
