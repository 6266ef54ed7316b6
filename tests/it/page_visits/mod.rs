//! A table of requests, which says for each whether it is a page visit. Every part of the layer
//! that distinguishes page visits is tested with it.

use http::{
    HeaderName, Method, StatusCode,
    header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};
use tower_phone_auth_local_provider::Endpoint;

use crate::{
    saved_form,
    support::{
        browser::{JIWOO, Page, location, set_cookies, text},
        shop::{ORIGIN, Shop},
    },
};

mod answers;

/// A request of the table.
struct Row {
    reader: &'static str,
    name: &'static str,
    headers: Vec<(&'static str, &'static str)>,
}

impl Row {
    /// The same request sent by a page of this origin; `None` if its headers name another origin.
    fn as_sent_here(&self, more: &[(&'static str, &'static str)]) -> Option<Self> {
        let site = self
            .headers
            .iter()
            .find(|(name, _)| *name == "sec-fetch-site");
        let is_other = site.is_some_and(|(_, site)| site.ends_with("-site"));
        let clashes = |(name, _): &&(&str, &str)| more.iter().any(|(other, _)| other == name);
        if is_other || self.headers.iter().any(|header| clashes(&header)) {
            return None;
        }
        let has_mode = self
            .headers
            .iter()
            .any(|(name, _)| *name == "sec-fetch-mode");
        let kept = self
            .headers
            .iter()
            .copied()
            .filter(|(name, _)| *name != "sec-fetch-site");
        let site = has_mode.then_some(("sec-fetch-site", "same-origin"));
        Some(Self {
            headers: kept.chain(site).chain(more.iter().copied()).collect(),
            ..*self
        })
    }
}

fn rows() -> Vec<Row> {
    let lines = include_str!("requests.txt").lines();
    let rows: Vec<_> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(row)
        .collect();
    assert!(rows.len() > 80);
    rows
}

fn row(line: &'static str) -> Row {
    const CHROMIUM: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";
    const OTHERS: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let fields: Vec<_> = line.splitn(7, '|').map(str::trim).collect();
    let [reader, name, mode, dest, site, accept, ref other @ ..] = fields[..] else {
        panic!("{line}");
    };
    let accept = match accept {
        "C" => CHROMIUM,
        "F" | "W" => OTHERS,
        accept => accept,
    };
    let named = [
        ("sec-fetch-mode", mode),
        ("sec-fetch-dest", dest),
        ("sec-fetch-site", site),
        ("accept", accept),
    ];
    let other = other.first().copied().unwrap_or_default();
    let other = other
        .split(';')
        .filter_map(|header| header.split_once(": "));
    let other = other.map(|(name, value)| (name.trim(), value));
    let headers = named.into_iter().filter(|(_, value)| *value != "-");
    Row {
        reader,
        name,
        headers: headers.chain(other).collect(),
    }
}

#[tokio::test]
async fn a_protected_page_leads_a_page_visit_to_the_sign_in_and_answers_all_else_401() {
    let shop = Shop::open().await;
    for row in rows() {
        for method in [Method::GET, Method::HEAD] {
            let answer = shop.browser().send(method, "/cart", &row.headers).await;
            assert_answers(&row, &answer, row.reader == "page");
        }
    }
}

#[tokio::test]
async fn the_sign_in_address_begins_a_sign_in_for_page_visits_and_clients_without_headers() {
    let shop = Shop::open().await;
    for row in rows() {
        let mut browser = shop.browser();
        let answer = browser
            .send(Method::GET, "/auth/login?return_to=%2Fa", &row.headers)
            .await;
        assert_answers(&row, &answer, ["page", "unsaid"].contains(&row.reader));
    }
}

fn assert_answers(row: &Row, answer: &Page, begins: bool) {
    let expected = match (begins, row.reader) {
        (true, _) => (StatusCode::SEE_OTHER, None),
        (false, "frame") => (StatusCode::UNAUTHORIZED, Some("text/html; charset=utf-8")),
        (false, _) => (refusal(row), Some("application/problem+json")),
    };
    let kind = answer.headers().get(CONTENT_TYPE);
    let kind = kind.map(|kind| kind.to_str().unwrap());
    assert_eq!((answer.status(), kind), expected, "{}", row.name);
    assert_eq!(
        set_cookies(answer).len(),
        usize::from(begins),
        "{}",
        row.name
    );
}

#[tokio::test]
async fn a_form_is_saved_for_page_visits_and_clients_without_headers() {
    let shop = saved_form::shop().await;
    let more = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", ORIGIN),
    ];
    for row in rows() {
        let Some(form) = row.as_sent_here(&more) else {
            continue;
        };
        let mut browser = shop.browser();
        let answer = browser.submit_as(&form.headers, "/order", "a=1").await;
        let is_whole = !row
            .headers
            .iter()
            .any(|(name, _)| *name == "sec-fetch-site")
            || row
                .headers
                .iter()
                .any(|(name, _)| *name == "sec-fetch-mode");
        let expected = match row.reader {
            "page" | "unsaid" if is_whole => StatusCode::SEE_OTHER,
            _ => refusal(&row),
        };
        assert_eq!(answer.status(), expected, "{}", row.name);
    }
}

/// Inertia follows an address only with the status 409.
fn refusal(row: &Row) -> StatusCode {
    if row.headers.iter().any(|(name, _)| *name == "x-inertia") {
        StatusCode::CONFLICT
    } else {
        StatusCode::UNAUTHORIZED
    }
}

#[tokio::test]
async fn signing_out_leads_a_page_visit_to_a_page_and_answers_all_else_204() {
    let shop = Shop::open().await;
    for row in rows() {
        let Some(form) = row.as_sent_here(&[("origin", ORIGIN)]) else {
            continue;
        };
        let mut browser = shop.browser();
        let answer = browser.submit_as(&form.headers, "/auth/logout", "").await;
        let expected = match row.reader {
            "page" => StatusCode::SEE_OTHER,
            _ => StatusCode::NO_CONTENT,
        };
        assert_eq!(answer.status(), expected, "{}", row.name);
    }
}

#[tokio::test]
async fn a_prefetch_does_not_use_the_code_of_a_callback() {
    let shop = Shop::open().await;
    let marks = |(name, value): &(&str, &str)| {
        name.ends_with("purpose") || *name == "x-moz" || value.contains("prefetch")
    };
    let rows = rows();
    let marked: Vec<_> = rows
        .iter()
        .filter(|row| row.headers.iter().any(marks))
        .collect();
    assert!(marked.len() >= 10);
    for row in marked {
        let mut browser = shop.browser();
        let away = browser.visit("/cart").await;
        let callback = browser.act(&away, JIWOO).await;
        shop.provider.forget_requests();
        let early = browser.send(Method::GET, &callback, &row.headers).await;
        assert_eq!(early.status(), StatusCode::UNAUTHORIZED, "{}", row.name);
        assert!(set_cookies(&early).is_empty(), "{}", row.name);
        assert_eq!(shop.provider.count(Endpoint::Token), 0, "{}", row.name);
        let back = browser.visit(&callback).await;
        assert_eq!(location(&back), "/cart", "{}", row.name);
    }
}

#[tokio::test]
async fn a_page_visit_that_a_worker_passes_on_signs_in_from_end_to_end() {
    let shop = Shop::open().await;
    for mode in ["navigate", "same-origin"] {
        let worker = [
            ("sec-fetch-mode", mode),
            ("sec-fetch-dest", "empty"),
            ("accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
        ];
        let mut browser = shop.browser();
        let away = browser.send(Method::GET, "/cart?a=1", &worker).await;
        let callback = browser.act(&away, JIWOO).await;
        let back = browser.send(Method::GET, &callback, &worker).await;
        let page = browser.send(Method::GET, location(&back), &worker).await;
        assert_eq!(text(&page), "+821012345678", "{mode}");
    }
}

#[test]
fn every_header_of_the_table_can_be_sent() {
    for (name, _) in rows().iter().flat_map(|row| &row.headers) {
        assert!(HeaderName::from_bytes(name.as_bytes()).is_ok(), "{name}");
    }
}

/// A page of this origin may show the answer in a frame, and no other page may.
fn assert_may_be_framed_here(page: &Page) {
    let policy = page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
}
