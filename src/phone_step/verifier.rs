//! Services that send a code of their own and check it.

use std::fmt;

use super::{SendError, SendErrorKind};
use crate::{
    http_client::{BoxFuture, HttpClient},
    phone::PhoneNumber,
};

/// A service that makes the code, sends it, keeps it and counts the tries, such as Twilio Verify.
///
/// This crate counts messages and tries as well, so that the limits of
/// [`PhoneStep`](crate::phone_step) hold. Stricter limits of the service hold too. The crate
/// `tower-phone-auth-senders` has verifiers for several services.
///
/// ```
/// use tower_phone_auth::{
///     PhoneNumber,
///     phone_step::{Checked, NumberVerifier, SendError, Verification},
///     provider::{BoxFuture, HttpClient},
/// };
///
/// /// Sends nothing, and accepts one code. For tests.
/// struct Fixed;
///
/// impl NumberVerifier for Fixed {
///     fn start<'a>(
///         &'a self,
///         _: &'a dyn HttpClient,
///         number: &'a PhoneNumber,
///         _language: &'a str,
///     ) -> BoxFuture<'a, Result<Verification, SendError>> {
///         Box::pin(async { Verification::new(*number, "the-only-one") })
///     }
///
///     fn check<'a>(
///         &'a self,
///         _: &'a dyn HttpClient,
///         number: &'a PhoneNumber,
///         verification: &'a Verification,
///         code: &'a str,
///     ) -> BoxFuture<'a, Result<Checked, SendError>> {
///         Box::pin(async move {
///             Ok(match code {
///                 _ if !verification.is_of(number) => Checked::Over,
///                 "123456" => Checked::Right,
///                 _ => Checked::Wrong,
///             })
///         })
///     }
///
///     fn is_for_development(&self) -> bool {
///         true
///     }
/// }
/// ```
pub trait NumberVerifier: Send + Sync + 'static {
    /// Sends a code to the number. `language` is a tag such as `ko`.
    ///
    /// Called once for each message, and never repeated by itself. The layer drops the future after
    /// ten seconds, as for [`CodeSender::send`](super::CodeSender::send).
    fn start<'a>(
        &'a self,
        http: &'a dyn HttpClient,
        number: &'a PhoneNumber,
        language: &'a str,
    ) -> BoxFuture<'a, Result<Verification, SendError>>;

    /// Checks a code of six digits. `number` is the one that the user now proves.
    ///
    /// A verification of another number is [`Checked::Over`], without a call. An error says that
    /// the code was not checked, so that the user may enter it again.
    fn check<'a>(
        &'a self,
        http: &'a dyn HttpClient,
        number: &'a PhoneNumber,
        verification: &'a Verification,
        code: &'a str,
    ) -> BoxFuture<'a, Result<Checked, SendError>>;

    /// As [`CodeSender::is_for_development`](super::CodeSender::is_for_development).
    fn is_for_development(&self) -> bool {
        false
    }

    /// As [`CodeSender::inbox`](super::CodeSender::inbox).
    fn inbox(&self) -> Option<&str> {
        None
    }
}

/// A verification that a [`NumberVerifier`] has begun: the service's id of it, and the number.
///
/// The layer seals both into the cookie of the step. `Debug` hides the id.
///
/// ```
/// use tower_phone_auth::{PhoneNumber, phone_step::Verification};
///
/// let number: PhoneNumber = "+82 10-1234-5678".parse()?;
/// let verification = Verification::new(number, "VE0123456789abcdef").unwrap();
/// assert!(verification.is_of(&number));
/// assert_eq!(verification.id(), "VE0123456789abcdef");
/// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Verification {
    /// The number that the code was sent to.
    number: PhoneNumber,
    /// The service's id of the verification. It is in the path of the check with some services.
    id: Box<str>,
}

impl Verification {
    /// The longest id, in bytes. The cookie of the step has no space for a longer one.
    const LONGEST: usize = 64;

    /// The verification of a number, by the service's id of it.
    ///
    /// ```
    /// use tower_phone_auth::{PhoneNumber, phone_step::Verification};
    ///
    /// let number: PhoneNumber = "+82 10-1234-5678".parse()?;
    /// let verification = Verification::new(number, "VE0123456789abcdef")?;
    /// assert!(Verification::new(number, "not an id").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SendErrorKind::Unknown`] if the id is not one to 64 ASCII letters, digits, `-` and `_`. A
    /// message was sent then, and its code cannot be checked.
    pub fn new(number: PhoneNumber, id: &str) -> Result<Self, SendError> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if !(1..=Self::LONGEST).contains(&id.len()) || !id.bytes().all(is_plain) {
            return Err(SendError::new(SendErrorKind::Unknown).code("unreadable_id"));
        }
        let id = id.into();
        Ok(Self { number, id })
    }

    /// The verification whose beginning got no answer, so that the service's id of it is not known.
    /// The code may have arrived nevertheless. A service that checks by the number can check it;
    /// any other answers [`Checked::Over`].
    ///
    /// ```
    /// use tower_phone_auth::{PhoneNumber, phone_step::Verification};
    ///
    /// let number: PhoneNumber = "+82 10-1234-5678".parse()?;
    /// assert_eq!(Verification::without_id(number).id(), "");
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    #[must_use]
    pub fn without_id(number: PhoneNumber) -> Self {
        let id = Box::default();
        Self { number, id }
    }

    /// The service's id of the verification: letters, digits, `-` and `_`. Empty if it is not
    /// known.
    ///
    /// ```
    /// use tower_phone_auth::{PhoneNumber, phone_step::Verification};
    ///
    /// let number: PhoneNumber = "+82 10-1234-5678".parse()?;
    /// let verification = Verification::new(number, "VE0123456789abcdef")?;
    /// assert_eq!(verification.id(), "VE0123456789abcdef");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The number that the code was sent to.
    ///
    /// ```
    /// use tower_phone_auth::{PhoneNumber, phone_step::Verification};
    ///
    /// let number: PhoneNumber = "+82 10-1234-5678".parse()?;
    /// let verification = Verification::new(number, "VE0123456789abcdef")?;
    /// assert_eq!(verification.number(), number);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn number(&self) -> PhoneNumber {
        self.number
    }

    /// Whether the code was sent to this number.
    ///
    /// ```
    /// use tower_phone_auth::{PhoneNumber, phone_step::Verification};
    ///
    /// let number: PhoneNumber = "+82 10-1234-5678".parse()?;
    /// let verification = Verification::new(number, "VE0123456789abcdef")?;
    /// assert!(verification.is_of(&number));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_of(&self, number: &PhoneNumber) -> bool {
        self.number == *number
    }
}

impl fmt::Debug for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verification")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// The answer of a [`NumberVerifier`] to a code.
///
/// ```
/// use tower_phone_auth::phone_step::Checked;
///
/// assert_ne!(Checked::Right, Checked::Wrong);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Checked {
    /// The code is right, and is used up now.
    Right,
    /// The code is wrong. Another one may be tried.
    Wrong,
    /// The verification has ended: it expired, it was used, or too many wrong codes were tried. The
    /// user needs a new code.
    Over,
}
