//! Sign-out here and at the provider.

use super::Oidc;

impl Oidc {
    /// Signs people out at the provider as well, when they sign out here: a page's `POST /auth/logout` leads to the
    /// `end_session_endpoint` ([RP-Initiated Logout 1.0](https://openid.net/specs/openid-connect-rpinitiated-1_0.html)), with
    /// the session's ID token as `id_token_hint`. Default: off, people stay signed in there.
    ///
    /// Register `{public_url}/auth/logout/done` as a `post_logout_redirect_uri`. The session here ends before. The ID token
    /// waits in a sealed cookie of its own, which is sent to `/auth/logout` alone; one too long for a cookie is left out. A
    /// page of yours with a `form-action` in its Content-Security-Policy must let the provider's origin through.
    #[must_use]
    pub fn logout_at_provider(mut self) -> Self {
        self.logs_out = true;
        self
    }
}
