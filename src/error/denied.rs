//! The application's own refusal.

/// A refusal by the application, with the texts for the user. See
/// [`Builder::on_sign_in`](crate::Builder::on_sign_in).
///
/// ```
/// use tower_phone_auth::hooks::Denied;
///
/// let denied = Denied::new("Members only.", "회원만 이용할 수 있습니다.");
/// assert_eq!(denied.english(), "Members only.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// Shown on pages in English.
    pub(super) english: String,
    /// Shown on pages in Korean.
    pub(super) korean: String,
}

impl Denied {
    /// The reason in both languages of the pages. HTML in it is escaped.
    pub fn new(english: impl Into<String>, korean: impl Into<String>) -> Self {
        Self {
            english: english.into(),
            korean: korean.into(),
        }
    }

    /// The reason in English.
    #[must_use]
    pub fn english(&self) -> &str {
        &self.english
    }

    /// The reason in Korean.
    #[must_use]
    pub fn korean(&self) -> &str {
        &self.korean
    }
}
