//! Finds the characters of a text that must not be in a log, and the word that replaces each of
//! them.

use std::collections::HashSet;

use super::{Glyph, Sent, sent::spellings};

/// The shortest run of letters and digits that counts as a part of a value. Eight characters of a
/// token or a code do not occur elsewhere by chance.
const PART: usize = 8;
/// The shortest value that is looked for. A shorter one may be a part of any word by chance.
const SHORTEST: usize = 4;
/// The fewest digits of a phone number. Error codes and status codes are shorter.
const DIGITS: usize = 7;
/// The most other characters between two digits of a phone number.
const BETWEEN: usize = 3;
/// A word of this length with letters and digits counts as a token.
const OPAQUE: usize = 20;
/// The shortest word that counts as a JWT, a little less than the shortest header of one.
const JWT: usize = 10;

/// For each character, the word that replaces it, if any.
pub(super) struct Marks(pub(super) Vec<Option<&'static str>>);

impl Marks {
    /// Marks everything. The values that were sent come first, because their words say more than
    /// the general ones, and a character keeps its first word.
    pub(super) fn of(glyphs: &[Glyph], sent: &Sent) -> Self {
        let mut marks = Self(vec![None; glyphs.len()]);
        for (word, value) in sent.values() {
            marks.exact(glyphs, word, value);
            marks.parts(glyphs, word, value);
        }
        marks.request_uris(glyphs);
        marks.addresses(glyphs);
        marks.tokens(glyphs);
        marks.numbers(glyphs);
        marks
    }

    /// Marks the characters from `from` to before `to`. A character that is marked already keeps
    /// its word.
    fn put(&mut self, from: usize, to: usize, word: &'static str) {
        for mark in self.0.iter_mut().take(to).skip(from) {
            mark.get_or_insert(word);
        }
    }

    /// Marks the value itself. A short one is marked only if no letter or digit is next to it.
    fn exact(&mut self, glyphs: &[Glyph], word: &'static str, value: &str) {
        let value: Vec<char> = value.chars().collect();
        if value.len() < SHORTEST {
            return;
        }
        let is_word = |at: Option<usize>| {
            let glyph = at.and_then(|at| glyphs.get(at));
            glyph.is_some_and(|glyph| glyph.character.is_alphanumeric())
        };
        for (start, window) in glyphs.windows(value.len()).enumerate() {
            let end = start + value.len();
            let is_value = window
                .iter()
                .map(|glyph| glyph.character)
                .eq(value.iter().copied());
            let is_alone = !is_word(start.checked_sub(1)) && !is_word(Some(end));
            if is_value && (is_alone || value.len() >= PART) {
                self.put(start, end, word);
            }
        }
    }

    /// Marks any part of the value in any spelling, with other characters between its letters and
    /// digits.
    fn parts(&mut self, glyphs: &[Glyph], word: &'static str, value: &str) {
        let letters = |text: &str| -> Vec<u8> {
            let bytes = text.bytes().filter(u8::is_ascii_alphanumeric);
            bytes.map(|byte| byte.to_ascii_lowercase()).collect()
        };
        let spellings: Vec<_> = spellings(value).iter().map(|text| letters(text)).collect();
        let parts: HashSet<&[u8]> = spellings
            .iter()
            .flat_map(|text| text.windows(PART))
            .collect();
        let ours = glyphs.iter().enumerate().filter_map(|(at, glyph)| {
            let letter = glyph.character.to_ascii_lowercase();
            let byte = u8::try_from(letter)
                .ok()
                .filter(u8::is_ascii_alphanumeric)?;
            Some((byte, at))
        });
        let (bytes, places): (Vec<u8>, Vec<usize>) = ours.unzip();
        for (window, places) in bytes.windows(PART).zip(places.windows(PART)) {
            if let ([first, .., last], true) = (places, parts.contains(window)) {
                self.put(*first, last + 1, word);
            }
        }
    }

    /// Marks the `request_uri` of a pushed request, which gives the same access as the request (RFC
    /// 9126 section 2.2).
    fn request_uris(&mut self, glyphs: &[Glyph]) {
        const START: &str = "urn:ietf:params:oauth:request_uri:";

        for (at, window) in glyphs.windows(START.len()).enumerate() {
            if window.iter().map(|glyph| glyph.character).eq(START.chars()) {
                let rest = glyphs.iter().skip(at);
                let rest = rest.take_while(|glyph| glyph.character.is_ascii_graphic());
                self.put(at, at + rest.count(), "[request_uri]");
            }
        }
    }

    /// Marks email addresses, with the characters of a usual address around an `@`.
    fn addresses(&mut self, glyphs: &[Glyph]) {
        let belongs = |glyph: &&Glyph| {
            glyph.character.is_alphanumeric() || "._%+-'".contains(glyph.character)
        };
        for (at, _) in glyphs
            .iter()
            .enumerate()
            .filter(|(_, glyph)| glyph.character == '@')
        {
            let (before, after) = glyphs.split_at(at);
            let before = before.iter().rev().take_while(belongs).count();
            let after = after.iter().skip(1).take_while(belongs).count();
            if before > 0 && after > 0 {
                self.put(at - before, at + after + 1, "[address]");
            }
        }
    }

    /// Marks words that look like a token: a JWT, or a long word of letters and digits.
    fn tokens(&mut self, glyphs: &[Glyph]) {
        let belongs = |glyph: &Glyph| {
            glyph.character.is_ascii_alphanumeric() || "_-+=".contains(glyph.character)
        };
        let mut start = 0;
        for run in glyphs.split_inclusive(|glyph| !belongs(glyph)) {
            let end = start + run.iter().filter(|glyph| belongs(glyph)).count();
            let text: String = run
                .iter()
                .filter(|glyph| belongs(glyph))
                .map(|glyph| glyph.character)
                .collect();
            let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
            let is_opaque =
                text.len() >= OPAQUE && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
            // Base64url of a JSON object.
            if is_opaque || (text.starts_with("eyJ") && text.len() >= JWT) {
                self.put(start, end, "[token]");
            }
            start += run.len();
        }
    }

    /// Marks phone numbers, with digits of any script.
    fn numbers(&mut self, glyphs: &[Glyph]) {
        let (mut digits, mut first, mut last) = (0, 0, 0);
        for (at, glyph) in glyphs.iter().enumerate() {
            if glyph.character.is_numeric() {
                if digits == 0 {
                    first = at;
                }
                (digits, last) = (digits + 1, at);
            }
            let is_over = at - last > BETWEEN || glyph.character.is_alphabetic();
            if digits > 0 && (is_over || at + 1 == glyphs.len()) {
                self.number(glyphs, (first, last + 1), digits);
                digits = 0;
            }
        }
    }

    /// Marks one run of digits, if it is long enough for a phone number and not a known error code.
    fn number(&mut self, glyphs: &[Glyph], (from, to): (usize, usize), digits: usize) {
        /// The beginning of the names of Microsoft's errors, such as `AADSTS7000215`, whose digits
        /// help the operator.
        const ERROR: &str = "AADSTS";

        let before = glyphs.get(from.saturating_sub(ERROR.len())..from);
        let before = before
            .unwrap_or_default()
            .iter()
            .map(|glyph| glyph.character);
        let is_error = before.eq(ERROR.chars()) && digits == DIGITS;
        if digits >= DIGITS && !is_error {
            self.put(from, to, "[number]");
        }
    }
}
