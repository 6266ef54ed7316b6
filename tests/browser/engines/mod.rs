//! The scenarios in which browsers differ, in three engines, over http and over https.

mod back;
mod clicks;
mod cookies;
mod frames;
mod hesitation;
mod refusal;
mod saved_form;
mod shared;
mod sign_in;
mod sites;
mod tabs;
mod worker;
