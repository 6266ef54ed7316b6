//! The layer through its public door, against a real provider process with real HTTP.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

mod another_account;
mod audit;
mod blocked_cookies;
mod caching;
mod calls;
mod connections;
mod contract;
mod cookies;
mod events;
mod faults;
mod floors;
mod google;
mod hooks;
mod input;
mod journeys;
mod kakao;
mod leaving;
mod local_provider;
mod naver;
mod oidc;
mod on_failure;
mod once;
mod own_provider;
mod placement;
mod possible_numbers;
mod private_key_jwt;
mod readiness;
mod recheck;
mod rejections;
mod revocation;
mod saved_form;
mod secrets;
mod settings;
mod several;
mod spellings;
mod standards;
mod step_up;
mod tabs;
mod test_endpoints;
mod two_layers;
mod unproved;
mod visits;
