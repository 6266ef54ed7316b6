//! Quotes texts of a provider for the log.
//!
//! A provider may repeat in an error what was sent to it: a code, a secret, a phone number. The
//! quotation is one line, in which words in brackets replace two kinds of text. One is every value
//! that was sent, in any usual spelling. The other is every text that looks like a number, a token
//! or an address.
//!
//! A quotation that hides too much costs an operator some time. One that shows too much leaks a
//! secret into a log, so doubtful text is replaced.

use std::ops::Range;

use self::marks::Marks;
pub(crate) use self::sent::Sent;
use super::escaped::Line;

mod marks;
mod sent;
#[cfg(test)]
mod tests;

/// The characters that are read. The text beyond them is dropped, because marking takes time for
/// each character.
const READ: usize = 4096;
/// How often percent-encoding is removed. A value may be encoded more than once on its way, as a
/// URL within a parameter of another URL is.
const ENCODINGS: usize = 3;

/// The text, of at most 200 characters, with a word in brackets in place of each value that was
/// `sent`, and of whatever looks like a phone number, a token or an email address. The value is
/// `None` if nothing is left.
pub(crate) fn quoted(text: &str, sent: &Sent) -> Option<String> {
    let glyphs = glyphs(text.trim());
    let marks = Marks::of(&glyphs, sent);
    let mut line = Line::default();
    let mut before = None;
    // Neighbours with the same mark become one word.
    for (glyph, mark) in glyphs.iter().zip(marks.0) {
        let fits = match mark {
            Some(_) if before == mark => true,
            Some(word) => line.push_str(word),
            None => {
                let written = text.trim().get(glyph.place.clone()).unwrap_or_default();
                written.chars().all(|character| line.push(character))
            }
        };
        if !fits {
            break;
        }
        before = mark;
    }
    (!line.0.is_empty()).then_some(line.0)
}

/// Whether something was replaced in the quotation. The words are those of `Sent` and `Marks`.
pub(crate) fn replaces(quotation: &str) -> bool {
    const WORDS: [&str; 12] = [
        "[code]",
        "[state]",
        "[nonce]",
        "[verifier]",
        "[challenge]",
        "[secret]",
        "[assertion]",
        "[token]",
        "[request_uri]",
        "[user]",
        "[address]",
        "[number]",
    ];
    WORDS.iter().any(|word| quotation.contains(word))
}

/// A character, and its place in the text. A decoded character has the place of its whole encoding,
/// so replacing it removes the encoding too.
struct Glyph {
    /// The character, decoded.
    character: char,
    /// The bytes of the text that stand for the character.
    place: Range<usize>,
}

/// The characters of the text without their percent-encodings.
fn glyphs(text: &str) -> Vec<Glyph> {
    let indices = text.char_indices().take(READ);
    let mut glyphs: Vec<Glyph> = indices
        .map(|(start, character)| Glyph {
            character,
            place: start..start + character.len_utf8(),
        })
        .collect();
    for _ in 0..ENCODINGS {
        glyphs = decoded(&glyphs);
    }
    glyphs
}

/// The glyphs with one percent-encoding removed.
fn decoded(glyphs: &[Glyph]) -> Vec<Glyph> {
    let mut decoded = Vec::with_capacity(glyphs.len());
    let mut rest = glyphs;
    while let [first, after @ ..] = rest {
        let (character, last, next) = match after {
            [high, low, next @ ..] if first.character == '%' => match byte(high, low) {
                Some(byte) => (byte, low, next),
                None => (first.character, first, after),
            },
            _ => (first.character, first, after),
        };
        decoded.push(Glyph {
            character,
            place: first.place.start..last.place.end,
        });
        rest = next;
    }
    decoded
}

/// The character of two hexadecimal digits, if it is visible ASCII. Values that are sent contain no
/// other character, so other encodings stay as they are.
fn byte(high: &Glyph, low: &Glyph) -> Option<char> {
    let (high, low) = (high.character.to_digit(16)?, low.character.to_digit(16)?);
    char::from_u32(high * 16 + low).filter(char::is_ascii_graphic)
}
