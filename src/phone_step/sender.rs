//! Services that send a message.

use std::fmt;

use super::SendError;
use crate::{
    http_client::{BoxFuture, HttpClient},
    phone::PhoneNumber,
};

/// A service that sends the message with the code, such as an SMS service.
///
/// This crate makes the code, keeps it and counts the tries. A service that does this itself is a
/// [`NumberVerifier`](super::NumberVerifier). The crate `tower-phone-auth-senders` has senders for
/// several services.
///
/// ```
/// use http::{Request, StatusCode};
/// use tower_phone_auth::{
///     phone_step::{CodeSender, Message, SendError, SendErrorKind},
///     provider::{BoxFuture, HttpClient},
/// };
///
/// /// Hands the message to a gateway in the own network.
/// struct Gateway;
///
/// impl CodeSender for Gateway {
///     fn send<'a>(
///         &'a self,
///         http: &'a dyn HttpClient,
///         message: Message<'a>,
///     ) -> BoxFuture<'a, Result<(), SendError>> {
///         Box::pin(async move {
///             let request = Request::post("https://sms.example/send")
///                 .header("to", message.number.to_string())
///                 .body(message.text.to_owned().into())
///                 .map_err(|_| SendErrorKind::Misconfigured)?;
///             // An error without an answer becomes `Unavailable` or `Unknown`.
///             match http.send(request).await?.status() {
///                 StatusCode::ACCEPTED => Ok(()),
///                 status if status.is_client_error() => {
///                     Err(SendError::new(SendErrorKind::Refused).code(status.as_str()))
///                 }
///                 _ => Err(SendErrorKind::Unknown.into()),
///             }
///         })
///     }
/// }
/// ```
pub trait CodeSender: Send + Sync + 'static {
    /// Sends the message. `Ok` says that the service accepted it, not that it arrived.
    ///
    /// Called once for each message. A call is never repeated, because the first message may have
    /// been sent. The layer drops the future after ten seconds, and treats that as
    /// [`SendErrorKind::Unknown`](super::SendErrorKind::Unknown).
    fn send<'a>(
        &'a self,
        http: &'a dyn HttpClient,
        message: Message<'a>,
    ) -> BoxFuture<'a, Result<(), SendError>>;

    /// Whether the sender is for development only. Default: `false`.
    ///
    /// Such a sender needs a `public_url` on loopback, or
    /// [`allow_test_endpoints`](crate::Builder::allow_test_endpoints). The default HTTP client may
    /// then call loopback addresses, and uses no proxy.
    fn is_for_development(&self) -> bool {
        false
    }

    /// The URL of a page where the messages can be read. Default: none.
    ///
    /// The page for the code links to it, if `public_url` is on loopback.
    fn inbox(&self) -> Option<&str> {
        None
    }
}

/// A message with a code.
///
/// `Debug` hides the text and the code, and shows four digits of the number.
///
/// ```
/// use tower_phone_auth::{PhoneNumber, phone_step::Message};
///
/// let number: PhoneNumber = "+82 10-1234-5678".parse()?;
/// let message = Message::new(&number, "[Shop] 인증번호는 012345입니다.", "012345")
///     .language("ko")
///     .site("Shop");
/// assert_eq!(message.code, "012345");
/// assert!(!format!("{message:?}").contains("012345"));
/// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Message<'a> {
    /// The receiver.
    pub number: &'a PhoneNumber,
    /// The whole text, with the code. It has at most 80 bytes in EUC-KR, unless the application
    /// replaced it.
    pub text: &'a str,
    /// The code alone, six digits, for services that fill a template. Its first digit may be zero.
    pub code: &'a str,
    /// The language of the text, as a tag such as `ko` ([RFC
    /// 5646](https://www.rfc-editor.org/rfc/rfc5646#section-2.1)).
    pub language: &'a str,
    /// The name of the site, for services that fill a template. May be empty.
    pub site: &'a str,
}

impl<'a> Message<'a> {
    /// A message in English without the name of a site, for tests of a sender.
    ///
    /// ```
    /// use tower_phone_auth::{PhoneNumber, phone_step::Message};
    ///
    /// let number: PhoneNumber = "+82 10-1234-5678".parse()?;
    /// let message = Message::new(&number, "Your code is 123456", "123456");
    /// assert_eq!(message.language, "en");
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    #[must_use]
    pub fn new(number: &'a PhoneNumber, text: &'a str, code: &'a str) -> Self {
        Self {
            number,
            text,
            code,
            language: "en",
            site: "",
        }
    }

    /// The same message with this language tag.
    ///
    /// ```
    /// use tower_phone_auth::{PhoneNumber, phone_step::Message};
    ///
    /// let number: PhoneNumber = "+82 10-1234-5678".parse()?;
    /// let message = Message::new(&number, "Your code is 123456", "123456").language("ko");
    /// assert_eq!(message.language, "ko");
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    #[must_use]
    pub fn language(self, language: &'a str) -> Self {
        Self { language, ..self }
    }

    /// The same message with this name of the site.
    ///
    /// ```
    /// use tower_phone_auth::{PhoneNumber, phone_step::Message};
    ///
    /// let number: PhoneNumber = "+82 10-1234-5678".parse()?;
    /// let message = Message::new(&number, "Your code is 123456", "123456").site("Shop");
    /// assert_eq!(message.site, "Shop");
    /// # Ok::<(), tower_phone_auth::phone::PhoneNumberError>(())
    /// ```
    #[must_use]
    pub fn site(self, site: &'a str) -> Self {
        Self { site, ..self }
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("number", self.number)
            .field("language", &self.language)
            .field("site", &self.site)
            .finish_non_exhaustive()
    }
}
