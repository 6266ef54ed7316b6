//! Many tabs at once: their sign-ins, their places, and the size of their cookies.

mod headers;
mod neighbours;
mod places;
mod restored;

use crate::support::browser::{Browser, Page};

/// The cause of a refusal, as the log names it.
pub(crate) fn cause(page: &Page) -> String {
    let error = page
        .extensions()
        .get::<tower_phone_auth::error::LoginError>();
    error.map_or_else(String::new, |error| format!("{:?}", error.kind()))
}

/// The size of the header lines of an answer in HTTP/1.1.
pub(crate) fn header_bytes(page: &Page) -> usize {
    let lines = page.headers().iter();
    lines
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum()
}

/// The size of the pending cookies that the browser sends.
fn pending_bytes(browser: &Browser) -> usize {
    let pairs = browser.cookies.iter();
    let pending = pairs.filter(|(name, _)| name.contains("-login-"));
    pending
        .map(|(name, value)| name.len() + value.len() + 3)
        .sum()
}

/// Percent-encodes a place as the links of the pages do.
fn encoded(place: &str) -> String {
    form_urlencoded::byte_serialize(place.as_bytes()).collect()
}
