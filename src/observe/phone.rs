//! The events of the phone step.

/// An event of the [phone step](crate::Builder::phone_step).
///
/// ```
/// use tower_phone_auth::hooks::PhoneStepEvent;
///
/// assert_eq!(PhoneStepEvent::NumberLimit.as_str(), "number_limit");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PhoneStepEvent {
    /// A user without an acceptable number is asked for one.
    Begun,
    /// The service accepted a message.
    Sent,
    /// It is not known whether a message was sent.
    MayBeSent,
    /// The service refused a message, or was not reached.
    NotSent,
    /// The typed text is no mobile number of a permitted region, or the service refuses the number.
    NumberUnfit,
    /// A message was asked for before the wait had passed.
    TooEarly,
    /// The limit on messages to one number was reached.
    NumberLimit,
    /// The limit on messages for one user was reached, or that on calls that the service refused.
    PersonLimit,
    /// The limit on messages from one client address was reached, or that on calls that the service
    /// refused.
    AddressLimit,
    /// The limit on messages to numbers that differ in the last four digits was reached.
    PrefixLimit,
    /// The limit on all messages was reached, or that on all calls that the service refused.
    TotalLimit,
    /// A wrong code.
    WrongCode,
    /// The right code. The sign-in goes on.
    Confirmed,
    /// The store of the attempts was not reached.
    StoreFailed,
}

impl PhoneStepEvent {
    /// A name for a label, such as `number_limit`.
    ///
    /// ```
    /// use tower_phone_auth::hooks::PhoneStepEvent;
    ///
    /// assert_eq!(PhoneStepEvent::NumberLimit.as_str(), "number_limit");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Sent => "sent",
            Self::MayBeSent => "may_be_sent",
            Self::NotSent => "not_sent",
            Self::NumberUnfit => "number_unfit",
            Self::TooEarly => "too_early",
            Self::NumberLimit => "number_limit",
            Self::PersonLimit => "person_limit",
            Self::AddressLimit => "address_limit",
            Self::PrefixLimit => "prefix_limit",
            Self::TotalLimit => "total_limit",
            Self::WrongCode => "wrong_code",
            Self::Confirmed => "confirmed",
            Self::StoreFailed => "store_failed",
        }
    }
}
