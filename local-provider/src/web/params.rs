/// The pairs of a query or a form.
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The first value of that name, even an empty one.
    pub(crate) fn member(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        Some(value)
    }

    /// The first value of that name, unless it is empty.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.member(name).filter(|value| !value.is_empty())
    }

    /// The words of a list, which Kakao separates by commas and its own SDK by spaces.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let separators = [',', ' '];
        let words = self.value(name).unwrap_or_default().split(separators);
        words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }
}
