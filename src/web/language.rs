//! The languages of the pages. A new one needs a variant here and the texts in `page/`.

use http::HeaderMap;

use crate::language::Accepted;

/// The language of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// The default, for all languages that the pages do not have.
    English,
    /// For `ko` and all its regions.
    Korean,
}

impl Language {
    /// The language of the pages that fits `Accept-Language` best.
    pub(crate) fn preferred(headers: &HeaderMap) -> Self {
        let all = [Self::English, Self::Korean];
        let best = Accepted::of(headers).best(&all.map(Self::tag));
        let best = best.and_then(|index| all.get(index));
        best.copied().unwrap_or(Self::English)
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
}
