//! The kinds of pages.

/// Declares the kinds with their names, so that a new kind cannot be missing in the list.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)*) => {
        /// The kind of a [`Page`](super::Page).
        ///
        /// ```
        /// use tower_phone_auth::page::PageKind;
        ///
        /// assert_eq!(PageKind::SignIn.as_str(), "sign_in");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum PageKind {
            $($(#[$doc])* $kind,)*
        }

        impl PageKind {
            /// All kinds, for a test of your own pages.
            ///
            /// ```
            /// use tower_phone_auth::page::PageKind;
            ///
            /// assert!(PageKind::ALL.contains(&PageKind::PhoneCode));
            /// ```
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The name, which does not change, such as `sign_in`.
            ///
            /// ```
            /// use tower_phone_auth::page::PageKind;
            ///
            /// assert_eq!(PageKind::Refusal.as_str(), "refusal");
            /// ```
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// The user chooses a provider.
    SignIn = "sign_in",
    /// A link on another site asks a signed-in user to sign in again.
    SignInAgain = "sign_in_again",
    /// A sign-in failed, or an account is not accepted.
    Refusal = "refusal",
    /// The question before a sign-out.
    SignOut = "sign_out",
    /// The user is signed out.
    SignedOut = "signed_out",
    /// A saved form can be sent.
    SavedForm = "saved_form",
    /// A saved form cannot be sent, with the reason.
    SavedFormEnded = "saved_form_ended",
    /// A form was not taken.
    Unsent = "unsent",
    /// The phone step asks for a number.
    PhoneNumber = "phone_number",
    /// The phone step asks for a code.
    PhoneCode = "phone_code",
    /// A frame of this origin needs a sign-in, or a page visit that cannot begin one.
    Framed = "framed",
    /// This replica cannot check sessions yet.
    Unavailable = "unavailable",
    /// The layer has no such path, or not for this method.
    Missing = "missing",
}
