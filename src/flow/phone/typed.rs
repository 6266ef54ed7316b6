//! The fields of the forms, as a user typed them.

use crate::phone_step::code::Code;

/// The fields that were sent. Other fields are ignored.
#[derive(Default)]
pub(super) struct Typed {
    number: String,
    code: String,
    action: String,
}

impl Typed {
    /// Reads a form. Bytes that are no UTF-8 are replaced, and then fit neither a number nor a
    /// code. The first of two fields of one name counts.
    pub(super) fn read(body: &[u8]) -> Self {
        let mut typed = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let field = match &*name {
                "number" => &mut typed.number,
                "code" => &mut typed.code,
                "action" => &mut typed.action,
                _ => continue,
            };
            if field.is_empty() {
                *field = value.into_owned();
            }
        }
        typed
    }

    /// The number as it was typed.
    pub(super) fn number(&self) -> &str {
        &self.number
    }

    /// The code. `None` if it is not six digits.
    pub(super) fn code(&self) -> Option<Code> {
        Code::read(&self.code)
    }

    /// Whether a new message is asked for.
    pub(super) fn asks_again(&self) -> bool {
        self.action == "resend"
    }
}
