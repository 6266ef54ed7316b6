//! Alternatives among which a preset or a setting chooses.

/// The keys that sign ID tokens and logout tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signing {
    /// The provider's keys, from its key set.
    Keys,
    /// The client secret (Core section 10.1), for providers that use nothing else.
    ClientSecret,
}

/// The source of the profile at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProfileAt {
    /// The ID token and the userinfo endpoint.
    Userinfo,
    /// Naver's profile API. Naver's metadata name it as userinfo endpoint, but its response is not
    /// userinfo.
    Naver,
}

/// When userinfo is requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum UserinfoUse {
    /// If the ID token lacks the phone number, or the flag that says whether it is verified.
    #[default]
    WhereNeeded,
    /// At every sign-in, because the application needs other claims as well.
    Always,
    /// Never, because the endpoint refuses the token or is slow.
    Never,
}
