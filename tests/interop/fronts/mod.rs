//! The example behind nginx and Caddy, with HTTP/2 over TLS between the browser and the proxy.

mod browser;
mod front;
mod headers;
mod sign_in;
