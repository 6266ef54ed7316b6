//! The three journeys, end to end: signing in, being signed in, signing out.

mod end_to_end;
mod extractor;
mod loopback;
mod pages;
mod provider_choice;
mod public_host;
mod redirect_loop;
mod return_to;
