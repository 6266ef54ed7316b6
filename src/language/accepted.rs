//! `Accept-Language` (RFC 9110 section 12.5.4), and the choice among the languages that exist.
//!
//! | rule | example |
//! |---|---|
//! | the highest weight first, then the order of the header | `ko;q=0.1, en;q=0.9`: English |
//! | a tag stands for its shorter ones (RFC 4647 section 3.4) | `ko-KR`: `ko` |
//! | a Chinese region stands for its script | `zh-TW`: `zh-Hant`, then `zh` |
//! | a range also stands for longer tags (section 3.3.1) | `zh`: `zh-Hant` |
//! | `*` stands for each language that no other range names | `*, ko;q=0.5`: English |
//! | weight 0 excludes a language | `en;q=0, *`: not English |
//! | without a match, English, else the first language | `fr`: English |
//!
//! A part of the header that is malformed is left out, and the others count.

use std::{cmp::Reverse, str};

use http::{HeaderMap, header::ACCEPT_LANGUAGE};

use super::tag::{is_tag, is_within, shortened};

/// The range for all languages.
const ANY: &str = "*";
/// The most ranges that are read. Browsers send a few, and the header of an attacker may have
/// thousands.
const MAX: usize = 32;
/// The weight 1, in thousandths.
const FULL: u16 = 1000;

/// The languages that a user accepts, the best first.
#[derive(Debug)]
pub(crate) struct Accepted<'a>(Vec<Range<'a>>);

/// One language range with its weight in thousandths.
#[derive(Clone, Copy, Debug)]
struct Range<'a> {
    tag: &'a str,
    weight: u16,
}

impl<'a> Accepted<'a> {
    /// Reads the header, which may have several lines.
    pub(crate) fn of(headers: &'a HeaderMap) -> Self {
        let lines = headers.get_all(ACCEPT_LANGUAGE).into_iter();
        let parts = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
        let mut ranges: Vec<_> = parts.filter_map(Range::read).take(MAX).collect();
        // The sort is stable, so ranges of one weight keep the order of the header.
        ranges.sort_by_key(|range| Reverse(range.weight));
        Self(ranges)
    }

    /// Accepts one language. A malformed tag accepts none.
    pub(crate) fn only(tag: &'a str) -> Self {
        let range = Range { tag, weight: FULL };
        Self(is_tag(tag).then_some(range).into_iter().collect())
    }

    /// The index of the best of these languages. `None` only without any.
    pub(crate) fn best(&self, tags: &[&str]) -> Option<usize> {
        // A range of weight 0 asks for nothing. It only takes languages away, and `excludes` looks
        // for it.
        let wanted = self.0.iter().filter(|range| range.weight > 0);
        let mut found = wanted.filter_map(|range| self.matching(range, tags));
        found.next().or_else(|| self.default(tags))
    }

    /// The language for one range.
    fn matching(&self, range: &Range<'_>, tags: &[&str]) -> Option<usize> {
        if range.tag == ANY {
            // A language with a range of its own is not among the others, whatever weight that
            // range has.
            let is_other = |tag: &&str| self.nearest(tag).is_some_and(|near| near.tag == ANY);
            return tags.iter().position(is_other);
        }
        let is = |tag: &str, wanted: &str| tag.eq_ignore_ascii_case(wanted) && !self.excludes(tag);
        let exact = |wanted| tags.iter().position(|tag| is(tag, wanted));
        let is_longer = |tag: &&str| is_within(tag, range.tag) && !self.excludes(tag);
        // The user's own tag and its shorter forms are what the user asked for. A longer tag adds a
        // script or a region that the user did not name, so it comes last.
        let mut shorter = shortened(range.tag).filter_map(exact);
        shorter.next().or_else(|| tags.iter().position(is_longer))
    }

    /// English, else the first language. A language that the user excludes comes after the others,
    /// because the user gets an answer in any case.
    fn default(&self, tags: &[&str]) -> Option<usize> {
        let english = tags.iter().position(|tag| is_within(tag, "en"));
        let mut ordered = english.into_iter().chain(0..tags.len());
        let is_open = |index: &usize| tags.get(*index).is_some_and(|tag| !self.excludes(tag));
        ordered.clone().find(is_open).or_else(|| ordered.next())
    }

    /// Whether the user does not accept this language.
    fn excludes(&self, tag: &str) -> bool {
        self.nearest(tag).is_some_and(|range| range.weight == 0)
    }

    /// The range that says most about a language: `en-GB` more than `en`, and `en` more than `*`.
    fn nearest(&self, tag: &str) -> Option<&Range<'a>> {
        let ranges = self.0.iter();
        let about = ranges.filter(|range| range.tag == ANY || is_within(tag, range.tag));
        about.max_by_key(|range| (range.tag != ANY, range.tag.len()))
    }
}

impl<'a> Range<'a> {
    /// Reads one part of the header, such as `ko-KR;q=0.9`. `None` if it is malformed.
    fn read(part: &'a [u8]) -> Option<Self> {
        let mut parts = str::from_utf8(part).ok()?.split(';');
        let tag = trimmed(parts.next()?);
        if tag != ANY && !is_tag(tag) {
            return None;
        }
        let mut parameters = parts.filter_map(|parameter| parameter.split_once('='));
        let weight = parameters.find(|(name, _)| trimmed(name).eq_ignore_ascii_case("q"));
        let weight = weight.map_or(Some(FULL), |(_, value)| thousandths(trimmed(value)))?;
        Some(Self { tag, weight })
    }
}

/// The text without the white space that a header permits around it.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// A weight from 0 to 1, in thousandths. Some clients write `.5` or more than three digits.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, digits) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = digits.as_bytes();
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digit = |index| digits.get(index).map_or(0, |digit| u16::from(digit - b'0'));
    match (whole, digit(0) * 100 + digit(1) * 10 + digit(2)) {
        ("0", fraction) => Some(fraction),
        ("", fraction) if !digits.is_empty() => Some(fraction),
        ("1", 0) => Some(FULL),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    /// The language of `tags` for the lines of a header.
    fn chosen<'t>(lines: &[&[u8]], tags: &[&'t str]) -> &'t str {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT_LANGUAGE, HeaderValue::from_bytes(line).unwrap());
        }
        tags[Accepted::of(&headers).best(tags).unwrap()]
    }

    fn is(header: &str, tags: &[&str], expected: &str) {
        assert_eq!(chosen(&[header.as_bytes()], tags), expected, "{header}");
    }

    #[test]
    fn the_highest_weight_comes_first() {
        for (header, expected) in [
            ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
            ("ko;q=0.1, en;q=0.9", "en"),
            ("en;q=0.9, ko", "ko"),
            ("en;q=0.001, ko;q=0.002", "ko"),
            ("ko;q=0.5, en;q=0.5", "ko"),
            ("en;Q=0.2\t;\tx=y , ko ; q = 0.3", "ko"),
            ("en;q=0.8999999, ko;q=.95", "ko"),
            ("fr, en-GB;q=0.8, ko;q=0.1", "en"),
            ("kok, KO", "ko"),
            ("fr", "en"),
            ("", "en"),
        ] {
            is(header, &["en", "ko"], expected);
        }
        assert_eq!(chosen(&[b"en;q=0.5", b"ko"], &["en", "ko"]), "ko");
    }

    #[test]
    fn weight_zero_excludes_a_language() {
        for (header, expected) in [
            ("en;q=0, ko", "ko"),
            ("en;q=0, ko;q=0.1", "ko"),
            ("ko;q=0", "en"),
            ("ko;q=0.000, ko-KR", "en"),
            ("en;q=0", "ko"),
            ("en;q=0, *", "ko"),
            ("en;q=0, *;q=0", "en"),
            ("en;q=0, en-GB", "ko"),
        ] {
            is(header, &["en", "ko"], expected);
        }
        is("en;q=0, en-GB", &["en", "en-GB"], "en-GB");
    }

    #[test]
    fn the_wildcard_stands_for_the_languages_that_are_not_named() {
        for (header, expected) in [
            ("*", "en"),
            ("ko, *;q=0.5", "ko"),
            ("*, ko;q=0.5", "en"),
            ("fr, *;q=0.5, en;q=0.1", "ko"),
            ("*;q=0, ko;q=0.1", "ko"),
        ] {
            is(header, &["en", "ko"], expected);
        }
    }

    #[test]
    fn a_range_is_shortened_until_a_language_is_found() {
        let tags = ["en", "zh", "zh-Hant", "pt-BR"];
        for (header, expected) in [
            ("zh-Hant-TW", "zh-Hant"),
            ("ZH-hant-hk", "zh-Hant"),
            ("zh-CN, en;q=0.9", "zh"),
            ("zh-TW, zh;q=0.9, en;q=0.8", "zh-Hant"),
            ("zh-HK", "zh-Hant"),
            ("zh-MO, zh-CN;q=0.9", "zh-Hant"),
            ("zh-SG, zh-TW;q=0.9", "zh"),
            ("pt, en;q=0.9", "pt-BR"),
            ("pt-PT", "en"),
            ("en-US-x-private", "en"),
        ] {
            is(header, &tags, expected);
        }
        is("fr", &["ja", "en-GB"], "en-GB");
        is("fr", &["ja", "ko"], "ja");
    }

    #[test]
    fn malformed_parts_are_left_out() {
        for header in [
            "en;q=1.5, ko;q=0.1",
            "en;q=-1, ko;q=0.1",
            "en;q=NaN, ko;q=0.1",
            "en;q=, ko;q=0.1",
            "en;q=0.x, ko;q=0.1",
            ",, é, ;q=1, en_US, ko",
            "-, en-, *-en, k o, ko;",
        ] {
            is(header, &["en", "ko"], "ko");
        }
        assert_eq!(chosen(&[b"\xff\xfe, ko"], &["en", "ko"]), "ko");
        let many = format!("{}ko", "fr, ".repeat(MAX));
        is(&many, &["en", "ko"], "en");
        assert_eq!(Accepted::only("ko").best(&[]), None);
    }

    proptest! {
        #[test]
        fn every_header_has_an_answer(header in "[ekno*,;=q.01 -]{0,40}") {
            chosen(&[header.as_bytes()], &["en", "ko"]);
        }
    }
}
