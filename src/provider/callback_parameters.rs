//! The parameters of a callback, for providers whose protocol has more than RFC 6749.

use std::fmt;

/// The longest value. A longer one counts as missing.
const LONGEST: usize = 4096;

/// All parameters of one callback, as the browser brought them. Among them is the code.
#[derive(Clone, Default)]
pub(crate) struct CallbackParameters(Vec<(String, String)>);

impl CallbackParameters {
    /// Reads a query.
    pub(crate) fn read(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes());
        Self(pairs.into_owned().collect())
    }

    /// All names and values, in their order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The value of a parameter that is there once. A repeated one has no value, because two
    /// readers could take different ones (RFC 6749 section 3.1).
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        let (_, value) = values.next()?;
        (values.next().is_none() && value.len() <= LONGEST).then_some(value)
    }
}

/// Shows the names. The values contain the code.
impl fmt::Debug for CallbackParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_has_a_value_if_it_is_there_once() {
        let long = "x".repeat(LONGEST + 1);
        let query = format!("a=1&b=2&b=3&c=%EA%B0%80+%2B&d=&e={long}");
        let read = CallbackParameters::read(&query);
        let value = |name| read.value(name);
        assert_eq!(value("a"), Some("1"));
        assert_eq!(value("c"), Some("가 +"));
        assert_eq!(value("d"), Some(""));
        assert_eq!((value("b"), value("e"), value("f")), (None, None, None));
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", CallbackParameters::read("code=s3cret"));
        assert_eq!(shown, r#"["code"]"#);
    }
}
