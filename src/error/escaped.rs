//! Texts of providers for the log.

/// The text in one line, at most 200 characters of it: control characters, line breaks, terminal escapes and marks of writing
/// direction are written as escapes.
pub(crate) fn escaped(text: &str) -> String {
    const LONGEST: usize = 200;

    text.chars()
        .take(LONGEST)
        .flat_map(char::escape_debug)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_the_provider_is_one_line_without_control_characters() {
        for (text, expected) in [
            ("a b", "a b"),
            ("로그인", "로그인"),
            ("a\r\nb", "a\\r\\nb"),
            ("\u{1b}[31m", "\\u{1b}[31m"),
            ("\u{202e}a\u{2066}", "\\u{202e}a\\u{2066}"),
            ("\0\u{85}\u{2028}", "\\0\\u{85}\\u{2028}"),
        ] {
            assert_eq!(escaped(text), expected);
        }
        assert_eq!(escaped(&"a".repeat(10_000)).len(), 200);
    }
}
