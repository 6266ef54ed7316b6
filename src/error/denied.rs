//! The application's own refusal.

/// The application's refusal of a login, with what the person reads.
///
/// ```
/// use tower_phone_auth::Denied;
///
/// let denied = Denied::new("Members only.", "회원만 이용할 수 있습니다.");
/// assert_eq!(denied.english(), "Members only.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    pub(super) english: String,
    pub(super) korean: String,
}

impl Denied {
    /// Why, in both languages of the pages. It is shown as text.
    pub fn new(english: impl Into<String>, korean: impl Into<String>) -> Self {
        Self {
            english: english.into(),
            korean: korean.into(),
        }
    }

    /// Why, in English.
    #[must_use]
    pub fn english(&self) -> &str {
        &self.english
    }

    /// Why, in Korean.
    #[must_use]
    pub fn korean(&self) -> &str {
        &self.korean
    }
}
