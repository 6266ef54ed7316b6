//! A text of the application in any number of languages.

use std::borrow::Cow;

use http::HeaderMap;

use super::{Accepted, tag};

/// The language of a text that names none.
const UNKNOWN: &str = "";

/// A text for users, in any number of languages.
///
/// Each user gets the language that fits `Accept-Language` best, by its weights (RFC 9110 section
/// 12.5.4). `ko` also serves `ko-KR`, and `zh` serves `zh-Hant-TW` if there is no `zh-Hant` (RFC
/// 4647 section 3.4). `zh-Hant` also serves `zh-TW`, `zh-HK` and `zh-MO`. A user who reads none of
/// the languages gets English, or the first language if there is no English.
///
/// A plain `&str` or `String` is a text of an unknown language, which all users get.
///
/// The pages of the layer are in English, Korean, Japanese and Chinese (`zh` with simplified
/// characters, `zh-Hant` with traditional ones). A text in
/// another language stands on them with an attribute `lang` of its own, so a screen reader
/// pronounces it correctly.
///
/// ```
/// use tower_phone_auth::Text;
///
/// let text = Text::en("Members only.")
///     .ko("회원만 이용할 수 있습니다.")
///     .and("ja", "会員専用です。");
/// assert_eq!(text.in_language("ja-JP"), "会員専用です。");
/// assert_eq!(text.in_language("fr"), "Members only.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(Vec<Version>);

/// A text in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Version {
    /// Empty if the language is unknown.
    tag: Cow<'static, str>,
    text: Cow<'static, str>,
}

impl Text {
    /// A text in English.
    ///
    /// ```
    /// use tower_phone_auth::Text;
    ///
    /// assert_eq!(Text::en("Shop").in_language("ko"), "Shop");
    /// ```
    pub fn en(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new("en", text)
    }

    /// A text in the language of a tag, such as `ko` or `zh-Hant` (BCP 47). A tag that is malformed
    /// fits no user.
    ///
    /// ```
    /// use tower_phone_auth::Text;
    ///
    /// let text = Text::new("nb", "Bare for medlemmer.").and("en", "Members only.");
    /// assert_eq!(text.in_language("nb-NO"), "Bare for medlemmer.");
    /// ```
    pub fn new(tag: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) -> Self {
        Self(Vec::new()).and(tag, text)
    }

    /// Adds the text in Korean.
    ///
    /// ```
    /// use tower_phone_auth::Text;
    ///
    /// assert_eq!(Text::en("Shop").ko("가게").in_language("ko-KR"), "가게");
    /// ```
    #[must_use]
    pub fn ko(self, text: impl Into<Cow<'static, str>>) -> Self {
        self.and("ko", text)
    }

    /// Adds the text in the language of a tag, such as `ja` or `zh-Hant` (BCP 47). It replaces a
    /// text that was given for the same tag.
    ///
    /// ```
    /// use tower_phone_auth::Text;
    ///
    /// assert_eq!(Text::en("Shop").and("ja", "店").in_language("ja"), "店");
    /// ```
    #[must_use]
    pub fn and(
        mut self,
        tag: impl Into<Cow<'static, str>>,
        text: impl Into<Cow<'static, str>>,
    ) -> Self {
        let added = Version {
            tag: tag.into(),
            text: text.into(),
        };
        let mut known = self.0.iter_mut();
        match known.find(|version| version.tag.eq_ignore_ascii_case(&added.tag)) {
            Some(version) => *version = added,
            None => self.0.push(added),
        }
        self
    }

    /// The text for a user of one language.
    ///
    /// ```
    /// use tower_phone_auth::Text;
    ///
    /// let text = Text::en("Shop").ko("가게");
    /// assert_eq!(text.in_language("ko"), "가게");
    /// assert_eq!(text.in_language("fr"), "Shop");
    /// ```
    #[must_use]
    pub fn in_language(&self, tag: &str) -> &str {
        self.written(&Accepted::only(tag)).text
    }

    /// The text for the user of a request, by its `Accept-Language`. For a page of the
    /// application's own, such as one of [`Builder::on_failure`](crate::Builder::on_failure).
    ///
    /// ```
    /// use http::{HeaderMap, HeaderValue, header::ACCEPT_LANGUAGE};
    /// use tower_phone_auth::Text;
    ///
    /// let text = Text::en("Sign in").and("ja", "ログイン");
    /// let mut headers = HeaderMap::new();
    /// headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("ko, ja;q=0.8, en;q=0.5"));
    /// assert_eq!(text.for_user(&headers), "ログイン");
    /// ```
    #[must_use]
    pub fn for_user(&self, headers: &HeaderMap) -> &str {
        self.written(&Accepted::of(headers)).text
    }

    /// The text for a user, with its language.
    pub(crate) fn written(&self, accepted: &Accepted<'_>) -> Written<'_> {
        let tags: Vec<&str> = self.0.iter().map(|version| &*version.tag).collect();
        let best = accepted.best(&tags).and_then(|index| self.0.get(index));
        // A text has at least one version, so there is always a best one.
        best.map_or_else(Written::default, |version| Written {
            tag: &version.tag,
            text: &version.text,
        })
    }

    /// The text in each language.
    pub(crate) fn versions(&self) -> impl Iterator<Item = Written<'_>> {
        self.0.iter().map(|version| Written {
            tag: &version.tag,
            text: &version.text,
        })
    }

    /// The first tag that is no language tag, for an error of a setting.
    pub(crate) fn malformed_tag(&self) -> Option<&str> {
        let mut tags = self.0.iter().map(|version| &*version.tag);
        tags.find(|tag| *tag != UNKNOWN && !tag::is_tag(tag))
    }

    /// The bytes of all texts.
    pub(crate) fn bytes(&self) -> usize {
        let versions = self.0.iter();
        versions
            .map(|version| version.tag.len() + version.text.len())
            .sum()
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Self::new(UNKNOWN, text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(UNKNOWN, text)
    }
}

/// A text as one user reads it, with the tag of its language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written<'a> {
    pub(crate) tag: &'a str,
    pub(crate) text: &'a str,
}

impl<'a> Written<'a> {
    /// The attribute `lang` of this text on a page in another language. `None` if the page is in
    /// the same one. The empty attribute stands for an unknown language (HTML, "The lang and
    /// xml:lang attributes").
    pub(crate) fn lang(&self, page: &str) -> Option<&'a str> {
        (!self.tag.eq_ignore_ascii_case(page)).then_some(self.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_text_of_the_same_language_replaces_the_first() {
        let text = Text::en("one").ko("하나").and("EN", "two");
        assert_eq!(text, Text::new("EN", "two").ko("하나"));
    }

    #[test]
    fn a_plain_text_is_for_all_users() {
        let text = Text::from("Club");
        assert_eq!(text.in_language("ko"), "Club");
        assert_eq!(text.written(&Accepted::only("en")).lang("en"), Some(""));
        let text = Text::from("Club".to_owned()).ko("클럽");
        assert_eq!(text.in_language("ko-KR"), "클럽");
        assert_eq!(text.in_language("ja"), "Club");
    }

    #[test]
    fn a_text_without_english_falls_back_to_its_first_language() {
        let text = Text::new("ko", "회원 전용").and("ja", "会員専用");
        assert_eq!(text.in_language("fr"), "회원 전용");
        assert_eq!(text.in_language("한국어"), "회원 전용");
    }

    #[test]
    fn a_malformed_tag_fits_no_user() {
        let text = Text::en("Members only.").and("ja_JP", "会員専用");
        assert_eq!(text.malformed_tag(), Some("ja_JP"));
        assert_eq!(text.in_language("ja_JP"), "Members only.");
        assert_eq!(text.in_language("ja"), "Members only.");
    }
}
