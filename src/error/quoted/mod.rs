//! Quotes texts of a provider for the log.
//!
//! A provider may repeat in an error what it was sent: a code, a secret, a phone number. The
//! quotation is one line, in which every value that was sent, in any usual spelling, and every text
//! that looks like a number, a token or an address is replaced by a word in brackets.

use std::ops::Range;

use self::marks::Marks;
pub(crate) use self::sent::Sent;
use super::escaped::Line;

mod marks;
mod sent;
#[cfg(test)]
mod tests;

/// The text beyond it is not read.
const READ: usize = 4096;
/// A value may be encoded more than once on its way.
const ENCODINGS: usize = 3;

/// The text, of at most 200 characters, with a word in brackets in place of each value that was
/// `sent`, and of whatever looks like a phone number, a token or an email address. The value is
/// `None` if nothing is left.
pub(crate) fn quoted(text: &str, sent: &Sent) -> Option<String> {
    let glyphs = glyphs(text.trim());
    let marks = Marks::of(&glyphs, sent);
    let mut line = Line::default();
    let mut before = None;
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

/// Whether the quotation has something replaced.
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

/// A character, and where it is written in the text.
struct Glyph {
    character: char,
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

/// A visible ASCII character: no other stands in a value that is sent.
fn byte(high: &Glyph, low: &Glyph) -> Option<char> {
    let (high, low) = (high.character.to_digit(16)?, low.character.to_digit(16)?);
    char::from_u32(high * 16 + low).filter(char::is_ascii_graphic)
}
