//! Connections to providers: content codings, retries and timeouts.

mod content_coding;
mod retries;
mod test_server;
mod timeouts;
