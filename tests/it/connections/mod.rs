//! Connections to providers: what is asked for, what is sent again, and how long an answer may take.

mod content_coding;
mod retries;
mod test_server;
mod timeouts;
