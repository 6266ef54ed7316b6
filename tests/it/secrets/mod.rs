//! Secrets and phone numbers stay out of logs, pages, headers and `Debug`.

mod journeys;
mod openid;
mod refusals;
mod watch;
