//! Sign-in, requests with a session and sign-out, from end to end.

mod end_to_end;
mod extractor;
mod loopback;
mod pages;
mod provider_choice;
mod public_host;
mod redirect_loop;
mod refusal_page;
mod return_to;
