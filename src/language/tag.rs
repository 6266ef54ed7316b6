//! Language tags (BCP 47) and language ranges (RFC 4647), compared without regard to case.

use std::iter::successors;

/// Whether this is a language range of `Accept-Language` other than `*` (RFC 4647 section 2.1). All
/// language tags in use have this form.
pub(super) fn is_tag(text: &str) -> bool {
    let is_short = |subtag: &str| (1..=8).contains(&subtag.len());
    let mut subtags = text.split('-');
    let language = subtags.next().unwrap_or_default();
    is_short(language)
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && subtags.all(|subtag| {
            is_short(subtag) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// The regions whose Chinese has traditional characters, by the likely subtags of CLDR (UTS 35,
/// `zh_TW` to `zh_Hant_TW`). Browsers name the region and leave the script out.
const TRADITIONAL: [&str; 3] = ["TW", "HK", "MO"];

/// The tag, then the shorter ones that may stand for it (RFC 4647 section 3.4): `zh-Hant-TW`,
/// `zh-Hant`, `zh`. The script of a Chinese region comes before the language alone: `zh-TW`,
/// `zh-Hant`, `zh`.
pub(super) fn shortened(tag: &str) -> impl Iterator<Item = &str> {
    successors(Some(tag), |tag| {
        let (shorter, last) = tag.rsplit_once('-')?;
        let is_traditional = |region: &&str| last.eq_ignore_ascii_case(region);
        if shorter.eq_ignore_ascii_case("zh") && TRADITIONAL.iter().any(is_traditional) {
            return Some("zh-Hant");
        }
        // A single letter or digit introduces the subtags behind it, so it goes with them.
        match shorter.rsplit_once('-') {
            Some((before, single)) if single.len() == 1 => Some(before),
            _ => Some(shorter),
        }
    })
}

/// Whether the tag is the range, or the range with more subtags (RFC 4647 section 3.3.1).
pub(super) fn is_within(tag: &str, range: &str) -> bool {
    let begin = tag.as_bytes().get(..range.len());
    begin.is_some_and(|begin| begin.eq_ignore_ascii_case(range.as_bytes()))
        && matches!(tag.as_bytes().get(range.len()), None | Some(b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_shortened_from_its_end() {
        for (tag, expected) in [
            ("zh-Hant-TW", ["zh-Hant-TW", "zh-Hant", "zh"].as_slice()),
            ("zh-TW", &["zh-TW", "zh-Hant", "zh"]),
            ("ZH-hk-x-a", &["ZH-hk-x-a", "ZH-hk", "zh-Hant", "zh"]),
            ("zh-CN", &["zh-CN", "zh"]),
            ("ko-TW", &["ko-TW", "ko"]),
            ("ko", &["ko"]),
            ("de-u-co-phonebk", &["de-u-co-phonebk", "de-u-co", "de"]),
        ] {
            assert_eq!(shortened(tag).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn malformed_tags_are_known() {
        for tag in ["ko", "zh-Hant-TW", "de-1996", "sl-rozaj-biske"] {
            assert!(is_tag(tag), "{tag}");
        }
        for text in [
            "",
            "*",
            "ko_KR",
            "k o",
            "-ko",
            "ko-",
            "koreanlanguage",
            "한국어",
            "1996",
        ] {
            assert!(!is_tag(text), "{text}");
        }
    }
}
