//! Rechecks: authorization requests without a page (`prompt=none`), which ask whether a signed-in
//! user still has a session at the provider.

/// The user whose session is checked. The subject or the email address becomes the `login_hint`, so
/// that a browser with several accounts checks the right one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecheckedUser<'a> {
    pub(crate) subject: &'a str,
    pub(crate) email: Option<&'a str>,
}

/// The reason why rechecks do not work with a provider's settings, and the remedy. The builder
/// makes a [`ConfigError`](crate::ConfigError) of both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecheckUnsupported {
    pub(crate) problem: &'static str,
    pub(crate) remedy: &'static str,
}
