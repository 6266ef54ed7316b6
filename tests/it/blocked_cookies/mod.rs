//! A browser that keeps no cookies, and the other reasons why a callback's cookie is missing.

mod callback;
mod causes;
mod sign_in_page;

use http::HeaderValue;

use crate::support::{browser::Browser, shop::Shop};

const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Mobile Safari/604.1";
const KAKAOTALK: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) KAKAOTALK 10.4.5 (INAPP)";

/// A browser that reads Korean or English.
fn browser_reading(shop: &Shop, language: &'static str) -> Browser {
    let mut browser = shop.browser();
    let language = HeaderValue::from_static(language);
    browser.headers.insert("accept-language", language);
    browser
}

/// The links of the sign-in page that begin a sign-in.
fn links(page: &str) -> Vec<String> {
    let links = page.split("href=\"").skip(1);
    let links = links.filter_map(|rest| rest.split('"').next());
    let links = links.filter(|link| link.contains("provider="));
    links.map(|link| link.replace("&amp;", "&")).collect()
}
