//! The scenarios that differ between browsers, in three engines, over http and over https.

mod back;
mod cookies;
mod refusal;
mod saved_form;
mod shared;
mod sign_in;
mod tabs;
mod worker;
