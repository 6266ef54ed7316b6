//! Whether a provider can be asked without a page, and about whom.

use super::custom::OAuth2;

/// The user whose session is checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) subject: &'a str,
    pub(crate) email: Option<&'a str>,
}

/// Why a provider cannot be asked without a page, and what helps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cannot {
    pub(crate) problem: &'static str,
    pub(crate) remedy: &'static str,
}

impl OAuth2 {
    /// A parameter with which the provider answers without a page, and refuses where it would show one: for
    /// [`Builder::recheck_after`](crate::Builder::recheck_after). Default: none, and that setting is refused.
    ///
    /// The provider must answer with the errors of
    /// [OpenID Connect Core section 3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError), such as
    /// `login_required`.
    ///
    /// ```
    /// # use tower_phone_auth::{OAuth2, ReadProfile};
    /// # fn club(club: impl ReadProfile) -> OAuth2 {
    /// OAuth2::new("club", "client-id", "client-secret", club)
    ///     .endpoints("https://club.example/authorize", "https://club.example/token")
    ///     .recheck_with("prompt", "none")
    /// # }
    /// ```
    #[must_use]
    pub fn recheck_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.silent.push((name.into(), value.into()));
        self
    }
}
