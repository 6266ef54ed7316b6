//! The application's own refusal.

use crate::language::Text;

/// A refusal by the application, with the reason for the user. See
/// [`Builder::on_sign_in`](crate::Builder::on_sign_in).
///
/// ```
/// use tower_phone_auth::{Text, hooks::Denied};
///
/// let denied = Denied::new(Text::en("Members only.").ko("회원만 이용할 수 있습니다."));
/// assert_eq!(denied.text().in_language("en"), "Members only.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// Shown on the page of the refusal.
    text: Text,
}

impl Denied {
    /// A refusal with its reason, as a [`Text`] in one or more languages. HTML in it is escaped.
    ///
    /// ```
    /// use tower_phone_auth::{Text, hooks::Denied};
    ///
    /// let denied = Denied::new(Text::en("Members only.").ko("회원만 이용할 수 있습니다."));
    /// ```
    pub fn new(text: impl Into<Text>) -> Self {
        Self { text: text.into() }
    }

    /// The reason.
    ///
    /// ```
    /// use tower_phone_auth::hooks::Denied;
    ///
    /// assert_eq!(Denied::new("Members only.").text().in_language("en"), "Members only.");
    /// ```
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.text
    }
}
