//! Rechecks: an authorization request without a page (`prompt=none`), which asks whether a
//! signed-in user still has a session at the provider.

/// The user whose session is checked. Subject and email address go into `login_hint`, so that a
/// browser with several accounts checks the right one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecheckedUser<'a> {
    pub(crate) subject: &'a str,
    pub(crate) email: Option<&'a str>,
}

/// The reason why rechecks do not work with a provider's settings, and the remedy. They become a
/// [`ConfigError`](crate::ConfigError).
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecheckUnsupported {
    pub(crate) problem: &'static str,
    pub(crate) remedy: &'static str,
}
