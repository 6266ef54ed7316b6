//! Refusals in a window or a frame are pages for the user. Programs get a document in their format.

use http::{
    StatusCode,
    header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};

use crate::support::browser::{Page, text};

mod forms;
mod frames;
mod libraries;

/// The headers of Chromium for a form of this site.
const WINDOW: [(&str, &str); 5] = [
    (
        "accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    ),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-user", "?1"),
    ("upgrade-insecure-requests", "1"),
];
const URLENCODED: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const MULTIPART: (&str, &str) = (
    "content-type",
    "multipart/form-data; boundary=----WebKitFormBoundaryx",
);
const HERE: (&str, &str) = ("sec-fetch-site", "same-origin");
const ELSEWHERE: (&str, &str) = ("sec-fetch-site", "cross-site");
const REFERER: (&str, &str) = ("referer", "http://127.0.0.1:3000/board?page=2");

fn with(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let kept = WINDOW
        .into_iter()
        .filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more.iter().copied()).collect()
}

fn assert_page(page: &Page, status: StatusCode, words: &[&str]) {
    assert_eq!(page.status(), status, "{}", text(page));
    assert_eq!(page.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
    for words in words {
        assert!(text(page).contains(words), "{words}: {}", text(page));
    }
}

fn assert_problem(answer: &Page, status: StatusCode) {
    assert_eq!(answer.status(), status);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
}

fn assert_in_frames_here_alone(page: &Page) {
    let policy = page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
}
