//! A user's name from a provider, made fit for a page, a table or a log line of the application.

use std::sync::Arc;

/// The longest name in characters. A session must fit into a cookie.
const LONGEST: usize = 40;
/// Keeps two letters apart that would otherwise be joined, as in Persian.
const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
/// Joins two characters into one form, as in Devanagari and in emoji.
const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// The name without invisible characters and without those that reverse the text around it, cut to
/// length.
///
/// The two joiners stay between visible characters, one at a time. Persian and several scripts of
/// India are written with them, and emoji that show several figures contain them. Variation
/// selectors stay, because some names have a rare form of a character. The result is `None` if
/// nothing visible is left.
pub(crate) fn shown(name: &str) -> Option<Arc<str>> {
    let mut shown = String::new();
    // A joiner that waits for the next visible character.
    let mut joiner = None;
    for character in name.chars().filter(|character| !is_unseen(*character)) {
        if matches!(character, ZERO_WIDTH_NON_JOINER | ZERO_WIDTH_JOINER) {
            joiner = joiner.or(Some(character));
            continue;
        }
        let follows = shown.ends_with(|last: char| !last.is_whitespace());
        let joins = follows && !character.is_whitespace();
        shown.extend(joiner.take().filter(|_| joins));
        shown.push(character);
    }
    // Characters are cut and not bytes, because a cut inside of a character would not be UTF-8.
    let cut: String = shown.trim().chars().take(LONGEST).collect();
    // The cut may have ended after a joiner, which would join the name to the text behind it.
    let cut = cut.trim_end_matches([ZERO_WIDTH_NON_JOINER, ZERO_WIDTH_JOINER]);
    let cut = cut.trim_end();
    (!cut.is_empty()).then(|| cut.into())
}

/// Whether a character is invisible: control characters, marks and overrides of the direction, and
/// characters without a width of their own (Unicode 16, `Default_Ignorable_Code_Point`, without
/// joiners and variation selectors).
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{00AD}'
                | '\u{034F}'
                | '\u{061C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{17B4}'..='\u{17B5}'
                | '\u{180E}'
                | '\u{200B}'
                | '\u{200E}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{3164}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF0}'..='\u{FFFB}'
                | '\u{1BCA0}'..='\u{1BCA3}'
                | '\u{1D173}'..='\u{1D17A}'
                | '\u{E0000}'..='\u{E00FF}'
                | '\u{E01F0}'..='\u{E0FFF}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is(name: &str, expected: &str) {
        let shown = shown(name);
        assert_eq!(shown.as_deref().unwrap_or_default(), expected, "{name:?}");
    }

    #[test]
    fn ordinary_names_stay() {
        for name in [
            "김지우",
            "Jean-Luc O’Neill",
            "Ægir Þórsson",
            "יוסי כהן",
            "محمد",
            "क्‍ष",
            "می‌خواهم",
            "👩‍👩‍👧",
            "葛\u{E0100}城",
            "❤\u{FE0F}",
        ] {
            is(name, name);
        }
    }

    #[test]
    fn characters_that_reverse_text_are_taken_out() {
        is("admin\u{202E}nimda", "adminnimda");
        is("\u{2066}a\u{2069}\u{2067}b\u{2068}", "ab");
        is("\u{200F}a\u{200E}\u{061C}b\u{202A}\u{202C}", "ab");
    }

    #[test]
    fn invisible_characters_are_taken_out() {
        is("a\u{200B}d\u{FEFF}m\u{2060}i\u{00AD}n", "admin");
        is("ad\u{E0041}\u{E0042}min\u{180E}\u{FFF9}", "admin");
        is("\u{0}a\u{1B}[31m\u{7F}\u{85}b\r\n\tc", "a[31mbc");
        for nothing in [
            "",
            " ",
            "\u{3164}",
            "\u{115F}\u{1160}",
            "\u{FFA0}",
            "\u{200D}\u{200C}",
        ] {
            assert_eq!(shown(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_joiner_stands_between_visible_characters_once() {
        is("\u{200D}a\u{200D}\u{200D}b\u{200C}", "a\u{200D}b");
        is("a \u{200D} b", "a  b");
        is("a\u{200D}\u{202E}\u{200B}b", "a\u{200D}b");
    }

    #[test]
    fn a_name_is_one_line_with_its_own_spaces() {
        is("  a  b\u{2028}c\u{3000}d \u{200B} ", "a  bc\u{3000}d");
        is(&"가".repeat(50), &"가".repeat(40));
    }

    proptest! {
        #[test]
        fn no_name_shows_anything_unseen_and_a_shown_name_stays(name: String) {
            if let Some(first) = shown(&name) {
                prop_assert!(first.chars().count() <= LONGEST);
                prop_assert!(!first.contains(is_unseen));
                prop_assert_eq!(shown(&first), Some(first));
            }
        }

        #[test]
        fn names_of_doubtful_characters_are_no_exception(
            name in "[a\u{200C}\u{200D}\u{200B}\u{202E}\u{2066} \t\u{E0041}]{0,60}",
        ) {
            if let Some(first) = shown(&name) {
                prop_assert!(!first.contains(is_unseen));
                let twice = first.contains("\u{200D}\u{200D}");
                prop_assert!(!twice);
                prop_assert_eq!(shown(&first), Some(first));
            }
        }
    }
}
