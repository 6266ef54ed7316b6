//! The persons on the page.

use std::fmt;

/// A person on the page of the local provider.
///
/// A provider without a list of its own has five persons. Each shows a case that an application
/// must handle:
///
/// | person | nickname | phone number | email |
/// |---|---|---|---|
/// | [`WITH_PHONE`](Self::WITH_PHONE) | Jiwoo | `+82 10-1234-5678` | verified |
/// | [`TRUNK_ZERO`](Self::TRUNK_ZERO) | Minseo | `+82 010-2345-6789`, with a zero too many | none |
/// | [`FOREIGN`](Self::FOREIGN) | Riley | `+1 425-555-1212` | not verified |
/// | [`WITHOUT_PHONE`](Self::WITHOUT_PHONE) | Haneul | none | none |
/// | [`PREREGISTERED`](Self::PREREGISTERED) | Seoyeon | withheld | none |
///
/// Each dialect makes its own identifier of the id:
///
/// | dialect | member | identifier |
/// |---|---|---|
/// | Kakao | `id`, and `sub` of ID tokens | the number itself |
/// | Naver | `id` | a text that depends on the client id, with `+`, `/` and `=` |
/// | Google | `sub`, `resourceName` | 21 digits, which fit into no 64 bits |
/// | OpenID Connect | `sub` | the number as a text |
///
/// ```
/// use tower_phone_auth_local_provider::Person;
///
/// let newcomer = Person::new(42, "Sora")
///     .name("Sora Kim")
///     .email("sora@example.com", true, true)
///     .phone("+82 10-9876-5432");
/// let customer = Person::new(43, "Areum").phone("+82 10-5555-6666").agrees_to_phone();
/// let unfinished = Person::new(44, "Jun").phone("+82 10-7777-8888").preregistered();
/// # let _ = (newcomer, customer, unfinished);
/// ```
#[derive(Clone)]
pub struct Person {
    /// The user number, from which each dialect makes its own identifier.
    pub(crate) id: u64,
    pub(crate) nickname: String,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<Email>,
    /// As Kakao's dialect writes it. The other dialects convert it.
    pub(crate) phone: Option<String>,
    /// Has not finished signing up at the provider.
    pub(crate) preregistered: bool,
    /// Is linked to the application when it is added, with consent to everything.
    pub(crate) agrees_to_phone: bool,
}

/// An email address with the two flags that Kakao has.
#[derive(Clone)]
pub(crate) struct Email {
    pub(crate) address: String,
    pub(crate) valid: bool,
    pub(crate) verified: bool,
}

impl Person {
    /// The default person with the phone `+82 10-1234-5678`. The id is above 2^53, so that a client
    /// that reads it as a floating point number gets a wrong id.
    pub const WITH_PHONE: u64 = 1_376_016_924_429_759_228;
    /// The default person whose number keeps its trunk zero: `+82 010-2345-6789`. Kakao sends some
    /// numbers in this form, and `+821023456789` is right. The other dialects write it correctly.
    pub const TRUNK_ZERO: u64 = 2_000_000_001;
    /// The default person with a foreign number: `+1 425-555-1212`. An application that accepts
    /// Korean numbers alone can be tried with it.
    pub const FOREIGN: u64 = 2_000_000_002;
    /// The default person whose account has no phone number, so that asking for consent again does
    /// not help.
    pub const WITHOUT_PHONE: u64 = 2_000_000_003;
    /// The default person who has not finished signing up, and whose phone is therefore withheld.
    /// See [`preregistered`](Self::preregistered).
    pub const PREREGISTERED: u64 = 2_000_000_004;

    /// A person without name, email and phone who has never used the application. `nickname` is the
    /// name on the page and in profiles.
    #[must_use]
    pub fn new(id: u64, nickname: impl Into<String>) -> Self {
        Self {
            id,
            nickname: nickname.into(),
            name: None,
            email: None,
            phone: None,
            preregistered: false,
            agrees_to_phone: false,
        }
    }

    /// The account's legal name, the member `name` of profiles. Default: none. Google's dialect
    /// then has the nickname in its place.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The account's email address, and the provider's two flags about it. Default: none.
    ///
    /// The flags are Kakao's `is_email_valid` and `is_email_verified`. The other dialects have one
    /// flag, `email_verified`, which is true if both are. Naver has none.
    #[must_use]
    pub fn email(mut self, address: impl Into<String>, valid: bool, verified: bool) -> Self {
        let address = address.into();
        self.email = Some(Email {
            address,
            valid,
            verified,
        });
        self
    }

    /// The phone number exactly as Kakao's dialect writes it, right or wrong. Default: none.
    ///
    /// The other dialects write a number that begins with `+82` in their own way (`010-1234-5678`,
    /// `+821012345678`). A text that is not such a number is written as it is.
    #[must_use]
    pub fn phone(mut self, number: impl Into<String>) -> Self {
        self.phone = Some(number.into());
        self
    }

    /// Takes the phone number off the account, to replace a person by the same one without number:
    ///
    /// ```
    /// use tower_phone_auth_local_provider::{LocalProvider, Person};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// let sora = Person::new(42, "Sora").phone("+82 10-9876-5432");
    /// provider.add_person(sora.clone());
    /// provider.add_person(sora.without_phone());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn without_phone(mut self) -> Self {
        self.phone = None;
        self
    }

    /// Marks the person as one who has not finished signing up. Kakao's profile then says
    /// `has_signed_up: false`, and no dialect gives a phone number.
    #[must_use]
    pub fn preregistered(mut self) -> Self {
        self.preregistered = true;
        self
    }

    /// Marks the person as one who has used the application before and agreed to share the phone
    /// number, in every dialect. With [`Settings::auto_sign_in`](crate::Settings::auto_sign_in),
    /// such a person sees no page once signed in at the provider.
    #[must_use]
    pub fn agrees_to_phone(mut self) -> Self {
        self.agrees_to_phone = true;
        self
    }

    /// The phone number, unless it is withheld, because the person has not finished signing up.
    pub(crate) fn shared_phone(&self) -> Option<&str> {
        self.phone.as_deref().filter(|_| !self.preregistered)
    }

    /// The five persons of a provider without a list of its own. Each shows another case that an
    /// application must handle.
    pub(crate) fn defaults() -> Vec<Self> {
        vec![
            Self::new(Self::WITH_PHONE, "Jiwoo")
                .name("김지우")
                .email("jiwoo@example.com", true, true)
                .phone("+82 10-1234-5678"),
            Self::new(Self::TRUNK_ZERO, "Minseo")
                .name("이민서")
                .phone("+82 010-2345-6789"),
            Self::new(Self::FOREIGN, "Riley")
                .name("Riley Park")
                .email("riley@example.com", true, false)
                .phone("+1 425-555-1212"),
            Self::new(Self::WITHOUT_PHONE, "Haneul").name("박하늘"),
            Self::new(Self::PREREGISTERED, "Seoyeon")
                .phone("+82 10-3456-7890")
                .preregistered(),
        ]
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("id", &self.id)
            .field("nickname", &self.nickname)
            .finish_non_exhaustive()
    }
}
