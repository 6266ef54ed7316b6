//! The layer in front of real browsers, driven by the WebDriver protocol: Chromium, and in `engines` also Firefox and WebKit.
//! `.ci/run` installs it. Nothing is skipped where it is missing.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

mod consent;
mod dead_ends;
mod engines;
mod fragment;
mod history;
mod libraries;
mod pages;
mod saved_form;
mod script;
mod sign_in;
mod sign_out;
