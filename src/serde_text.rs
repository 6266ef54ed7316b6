//! Types that serde reads and writes as one text.

use std::fmt;

use serde::{
    Deserializer,
    de::{Error, Visitor},
};

/// Reads a value from a text. The error contains the reader's own error and never the text, which
/// may be a phone number.
pub(crate) struct TextOf<T, E> {
    /// The expected text in words, for the error of a value that is no text.
    expected: &'static str,
    read: fn(&str) -> Result<T, E>,
}

impl<T, E> TextOf<T, E> {
    /// A reader of texts that are `expected`.
    pub(crate) const fn new(expected: &'static str, read: fn(&str) -> Result<T, E>) -> Self {
        Self { expected, read }
    }
}

impl<T, E: fmt::Display> TextOf<T, E> {
    /// Reads the value.
    pub(crate) fn of<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        // A format such as JSON knows the type of a value. Asked for a text, its error about a
        // number contains the number.
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(self)
        } else {
            deserializer.deserialize_str(self)
        }
    }
}

impl<T, E: fmt::Display> Visitor<'_> for TextOf<T, E> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    // The default errors of serde contain the value, and a phone number may be written as a number.
    fn visit_u64<D: Error>(self, _: u64) -> Result<T, D> {
        Err(D::custom(format_args!("expected {}", self.expected)))
    }

    fn visit_i64<D: Error>(self, _: i64) -> Result<T, D> {
        Err(D::custom(format_args!("expected {}", self.expected)))
    }

    fn visit_f64<D: Error>(self, _: f64) -> Result<T, D> {
        Err(D::custom(format_args!("expected {}", self.expected)))
    }

    fn visit_str<D: Error>(self, text: &str) -> Result<T, D> {
        (self.read)(text).map_err(D::custom)
    }
}
