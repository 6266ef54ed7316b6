//! Parameters of queries and forms.

/// The pairs of a query or a form, decoded, in the order in which they were sent.
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads `application/x-www-form-urlencoded`. Any bytes are read.
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// All pairs, for a form that repeats them.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The first value of that name, even an empty one. Kakao refuses an empty `client_secret`
    /// where none is expected.
    pub(crate) fn member(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        Some(value)
    }

    /// The first value of that name. An empty one counts as absent (RFC 6749 section 3.1).
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.member(name).filter(|value| !value.is_empty())
    }

    /// The words of a list. Commas separate them in Kakao's documentation, and spaces in its SDK
    /// and in OAuth 2.0.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let separators = [',', ' '];
        let words = self.value(name).unwrap_or_default().split(separators);
        words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }
}
