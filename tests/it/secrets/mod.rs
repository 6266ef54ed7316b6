//! Secrets and phone numbers stay out of logs, pages, headers and `Debug`.

mod openid;
mod refusals;
mod watch;
mod whole_visits;
