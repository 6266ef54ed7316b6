//! The three journeys, end to end: signing in, being signed in, signing out.

mod circles;
mod extractor;
mod host;
mod loopback;
mod pages;
mod provider_choice;
mod return_to;
mod visit;
