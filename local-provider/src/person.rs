use std::fmt;

/// A person on the page of the local provider.
///
/// ```
/// use tower_phone_auth_local_provider::Person;
///
/// let newcomer = Person::new(42, "Sora")
///     .name("Sora Kim")
///     .email("sora@example.com", true, true)
///     .phone("+82 10-9876-5432");
/// # let _ = newcomer;
/// ```
#[derive(Clone)]
pub struct Person {
    pub(crate) id: u64,
    pub(crate) nickname: String,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<Email>,
    pub(crate) phone: Option<String>,
    pub(crate) preregistered: bool,
    pub(crate) agrees_to_phone: bool,
}

#[derive(Clone)]
pub(crate) struct Email {
    pub(crate) address: String,
    pub(crate) valid: bool,
    pub(crate) verified: bool,
}

impl Person {
    /// The default person with the phone `+82 10-1234-5678`. The id is above 2^53, so that a client
    /// that reads it as a floating point number is found out.
    pub const WITH_PHONE: u64 = 1_376_016_924_429_759_228;
    /// The default person whose number keeps its trunk zero: `+82 010-2345-6789`.
    pub const TRUNK_ZERO: u64 = 2_000_000_001;
    /// The default person with a foreign number: `+1 425-555-1212`.
    pub const FOREIGN: u64 = 2_000_000_002;
    /// The default person whose account has no phone number.
    pub const WITHOUT_PHONE: u64 = 2_000_000_003;
    /// The default person who has not finished signing up, and whose phone is therefore withheld.
    pub const PREREGISTERED: u64 = 2_000_000_004;

    /// A person without name, e-mail and phone who has never used the application.
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

    /// The account's legal name. Default: none.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The account's e-mail, and the provider's two flags about it. Default: none.
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
    /// The others write a number that begins with `+82` in their own way (`010-1234-5678`,
    /// `+821012345678`), and what cannot be read as it is.
    #[must_use]
    pub fn phone(mut self, number: impl Into<String>) -> Self {
        self.phone = Some(number.into());
        self
    }

    /// Takes the phone number off the account.
    #[must_use]
    pub fn without_phone(mut self) -> Self {
        self.phone = None;
        self
    }

    /// Has not finished signing up: Kakao's profile says `has_signed_up: false`, and none has a
    /// phone.
    #[must_use]
    pub fn preregistered(mut self) -> Self {
        self.preregistered = true;
        self
    }

    /// Has used the application before and agreed to share the phone number.
    #[must_use]
    pub fn agrees_to_phone(mut self) -> Self {
        self.agrees_to_phone = true;
        self
    }

    /// The phone number, unless it is withheld.
    pub(crate) fn shared_phone(&self) -> Option<&str> {
        self.phone.as_deref().filter(|_| !self.preregistered)
    }

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
