//! The language of the page.

use http::{HeaderMap, header::ACCEPT_LANGUAGE};

/// The languages of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Korean,
}

impl Language {
    /// The first language of `Accept-Language` that the page has, or English.
    ///
    /// Browsers list the preferred language first, so the weights (RFC 9110 section 12.5.4) are not
    /// read.
    pub(crate) fn preferred(headers: &HeaderMap) -> Self {
        let header = headers.get(ACCEPT_LANGUAGE);
        let wanted = header
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let mut known = wanted.split(',').filter_map(Self::of_range);
        known.next().unwrap_or(Self::English)
    }

    /// The tag for the attribute `lang`.
    pub(crate) fn tag(self) -> &'static str {
        self.pick("en", "ko")
    }

    /// The text in this language.
    pub(crate) fn pick<T>(self, english: T, korean: T) -> T {
        match self {
            Self::English => english,
            Self::Korean => korean,
        }
    }

    /// The language of one range, such as `ko-KR;q=0.9`. `None` for any other language.
    fn of_range(range: &str) -> Option<Self> {
        match range.split([';', '-']).next()?.trim() {
            tag if tag.eq_ignore_ascii_case("ko") => Some(Self::Korean),
            tag if tag.eq_ignore_ascii_case("en") => Some(Self::English),
            _ => None,
        }
    }
}
