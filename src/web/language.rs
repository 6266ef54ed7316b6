//! The languages of the pages. A new one needs a variant here and the texts in `page/`.

use http::{HeaderMap, header::ACCEPT_LANGUAGE};

/// The language of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// The default, for all languages that the pages do not have.
    English,
    /// For `ko` and all its regions.
    Korean,
}

impl Language {
    /// The first language of `Accept-Language` that the pages have, English if there is none.
    /// Browsers list the preferred one first, so weights are not read.
    pub(crate) fn preferred(headers: &HeaderMap) -> Self {
        let header = headers.get(ACCEPT_LANGUAGE);
        let wanted = header
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let mut known = wanted.split(',').filter_map(Self::named);
        known.next().unwrap_or(Self::English)
    }

    /// The value of the attribute `lang`.
    pub(crate) fn tag(self) -> &'static str {
        self.pick("en", "ko")
    }

    /// One of two texts. Every text of a page comes through here, so that both languages stand side
    /// by side.
    pub(crate) fn pick<T>(self, english: T, korean: T) -> T {
        match self {
            Self::English => english,
            Self::Korean => korean,
        }
    }

    /// The language of one range in `Accept-Language`, by its first part.
    fn named(range: &str) -> Option<Self> {
        let tag = range.split([';', '-']).next()?.trim();
        if tag.eq_ignore_ascii_case("ko") {
            Some(Self::Korean)
        } else if tag.eq_ignore_ascii_case("en") {
            Some(Self::English)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_first_known_language_is_taken() {
        for (listed, language) in [
            ("ko-KR,ko;q=0.9,en;q=0.8", Language::Korean),
            ("fr, en-GB;q=0.8, ko;q=0.1", Language::English),
            ("kok, KO", Language::Korean),
            ("fr", Language::English),
            ("", Language::English),
            (",,é,;q=", Language::English),
        ] {
            let value = HeaderValue::from_bytes(listed.as_bytes()).unwrap();
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, value)]);
            assert_eq!(Language::preferred(&headers), language, "{listed}");
        }
    }
}
