//! Further parameters of the authorization request.

use super::CustomProvider;

impl CustomProvider {
    /// A parameter that makes the provider ask for the phone number a second time. Default: none.
    ///
    /// ```
    /// # use tower_phone_auth::CustomProvider;
    /// # fn example(club: CustomProvider) {
    /// let club = club.ask_again_with("prompt", "consent");
    /// # }
    /// ```
    #[must_use]
    pub fn ask_again_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.again.push((name.into(), value.into()));
        self
    }

    /// A parameter that makes the provider ask for the password again, even if the user has a
    /// session there. It is sent for routes with
    /// [`RequireUser::max_age`](crate::layer::RequireUser::max_age), and if a user wants another
    /// account. Default: none.
    ///
    /// Plain OAuth 2.0 has no response that proves a fresh sign-in, so such routes answer 403
    /// unless they [accept it unproved](crate::layer::RequireUser::accept_unproved). A name that is
    /// also set by [`ask_again_with`](Self::ask_again_with) is sent once, with both values and a
    /// space between them.
    ///
    /// ```
    /// # use tower_phone_auth::{provider::ReadProfile, CustomProvider};
    /// # fn club(club: impl ReadProfile) -> CustomProvider {
    /// CustomProvider::new("club", "client-id", "client-secret", club)
    ///     .endpoints("https://club.example/authorize", "https://club.example/token")
    ///     .fresh_with("prompt", "login")
    /// # }
    /// ```
    #[must_use]
    pub fn fresh_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fresh.push((name.into(), value.into()));
        self
    }

    /// A parameter that makes the provider answer without a page, and answer with an error if it
    /// would have to show one. It is needed for
    /// [`Builder::recheck_after`](crate::Builder::recheck_after). Default: none, and
    /// `recheck_after` is refused.
    ///
    /// The provider must use the errors of [OpenID Connect Core section
    /// 3.1.2.6](https://openid.net/specs/openid-connect-core-1_0.html#AuthError), such as
    /// `login_required`.
    ///
    /// ```
    /// # use tower_phone_auth::{provider::ReadProfile, CustomProvider};
    /// # fn club(club: impl ReadProfile) -> CustomProvider {
    /// CustomProvider::new("club", "client-id", "client-secret", club)
    ///     .endpoints("https://club.example/authorize", "https://club.example/token")
    ///     .recheck_with("prompt", "none")
    /// # }
    /// ```
    #[must_use]
    pub fn recheck_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.recheck_parameters.push((name.into(), value.into()));
        self
    }
}
