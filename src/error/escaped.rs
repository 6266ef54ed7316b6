//! Texts of providers, escaped for the log.
//!
//! A provider's text may contain line breaks and terminal escapes. Without escaping, a text could
//! write a line of its own into the log, or change the terminal of its reader.

/// The most characters of an escaped text.
pub(super) const MOST: usize = 200;

/// The text in one line of at most 200 characters. Control characters, line breaks, terminal
/// escapes and marks of writing direction are escaped, and double quotes become single ones.
pub(crate) fn escaped(text: &str) -> String {
    let mut line = Line::default();
    for character in text.chars() {
        if !line.push(character) {
            break;
        }
    }
    line.0
}

/// A line of at most [`MOST`] characters.
#[derive(Default)]
pub(super) struct Line(pub(super) String);

impl Line {
    /// Appends a character or its whole escape. False if it does not fit.
    pub(super) fn push(&mut self, character: char) -> bool {
        match character {
            '"' | '\'' => self.push_str("'"),
            other => self.push_str(&other.escape_debug().to_string()),
        }
    }

    /// Appends a text as a whole, or nothing. False if it does not fit. A part of an escape would
    /// be misleading.
    pub(super) fn push_str(&mut self, text: &str) -> bool {
        let fits = self.0.chars().count() + text.chars().count() <= MOST;
        if fits {
            self.0.push_str(text);
        }
        fits
    }
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
            ("the \"scope\" 'phone'", "the 'scope' 'phone'"),
        ] {
            assert_eq!(escaped(text), expected);
        }
        assert_eq!(escaped(&"a".repeat(10_000)).len(), 200);
        assert_eq!(escaped(&"\u{202e}".repeat(10_000)).len(), 200);
    }
}
