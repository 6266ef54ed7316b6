//! The pages before and after a sign-out: their statements and their links.

use crate::support::browser::{Page, text};

mod after;
mod claims;
mod fetch;
mod named;
mod place;

/// The headers of a form on a page of this origin.
const FORM: [(&str, &str); 3] = [
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "same-origin"),
    ("accept", "text/html,*/*;q=0.8"),
];

/// The addresses and texts of the page's links, in order.
fn links(page: &Page) -> Vec<(String, String)> {
    let page = text(page);
    let anchors = page.split("<a ").skip(1).map(|anchor| {
        let (_, rest) = anchor.split_once("href=\"").unwrap();
        let (address, rest) = rest.split_once('"').unwrap();
        let (_, rest) = rest.split_once('>').unwrap();
        let (name, _) = rest.split_once("</a>").unwrap();
        (address.replace("&amp;", "&"), name.to_owned())
    });
    anchors.collect()
}

/// The address of the page's link with this text.
fn link(page: &Page, name: &str) -> Option<String> {
    let mut links = links(page).into_iter();
    links.find_map(|(address, own)| (own == name).then_some(address))
}

/// The address to which the page's form is sent.
fn action(page: &Page) -> String {
    let page = text(page);
    let (_, rest) = page.split_once("action=\"").unwrap();
    rest.split('"').next().unwrap().replace("&amp;", "&")
}
