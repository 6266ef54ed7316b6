//! The scenarios that differ between browsers, in three engines, over http and over https.

mod back;
mod clicks;
mod cookies;
mod frames;
mod people;
mod refusal;
mod saved_form;
mod shared;
mod sign_in;
mod sites;
mod tabs;
mod worker;
