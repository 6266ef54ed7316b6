//! The messages that the provider took in place of a mobile network.

use std::{collections::VecDeque, fmt};

/// A message in the inbox, from [`LocalProvider::inbox`](crate::LocalProvider::inbox).
///
/// `Debug` hides the number and the text.
///
/// ```
/// use tower_phone_auth_local_provider::Sms;
///
/// /// The code of the newest message to a number.
/// fn code(inbox: &[Sms], number: &str) -> Option<String> {
///     inbox.iter().find(|sms| sms.to == number)?.code().map(str::to_owned)
/// }
/// # assert_eq!(code(&[], "+821012345678"), None);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sms {
    /// The receiver in E.164, such as `+821012345678`.
    pub to: String,
    /// The sender's number as it was sent, such as `0212345678`. Empty with Twilio Verify.
    pub from: String,
    /// The kind of message in Solapi's terms: `SMS`, `LMS` or `ATA` (AlimTalk).
    pub kind: &'static str,
    /// The whole text. An AlimTalk message has the template's id and its variables.
    pub text: String,
}

impl Sms {
    /// The first six digits in a row that are no part of a longer number. `None` if there are none.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        let mut numbers = self.text.split(|c: char| !c.is_ascii_digit());
        numbers.find(|digits| digits.len() == 6)
    }
}

impl fmt::Debug for Sms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sms")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The latest messages, the newest first.
#[derive(Default)]
pub(crate) struct Inbox(VecDeque<Sms>);

impl Inbox {
    /// Adds a message, in place of the oldest one if there are too many.
    pub(crate) fn push(&mut self, sms: Sms) {
        self.0.push_front(sms);
        self.0.truncate(KEPT);
    }

    /// All messages, the newest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Sms> {
        self.0.iter()
    }

    pub(crate) fn empty(&mut self) {
        self.0.clear();
    }
}

/// How many messages are kept.
const KEPT: usize = 1000;
