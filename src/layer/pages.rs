//! The settings of the pages.

use super::Builder;
use crate::page::Site;

impl Builder {
    /// The name, logo, colour and links of the application on the layer's pages. Default: none. The
    /// pages then show no name and no links.
    ///
    /// ```
    /// use tower_phone_auth::{OAuthLayer, Site};
    ///
    /// let site = Site::new("Moon Shop").terms("/terms").privacy("/privacy");
    /// let builder = OAuthLayer::builder().site(site).public(["/terms", "/privacy"]);
    /// ```
    pub fn site(mut self, site: Site) -> Self {
        self.settings.site = Some(site);
        self
    }

    /// The application's own sign-in page, as a public path such as `/welcome`. Default: the
    /// layer's page, where a user chooses one of several providers.
    ///
    /// A user without a session is redirected there with the query `return_to`, which is the page
    /// that was asked for. The links of the page begin a sign-in, such as
    /// `/auth/login?provider=kakao&return_to=%2Forders`. The application passes `return_to` on
    /// unchanged, because the layer checks it again. With one provider, no page is shown. The layer
    /// still shows its own page to a user who is signed in already, for a fresh sign-in or another
    /// account, for a [saved form](Self::save_forms), after a link to an unknown provider, and for an
    /// address of more than 2,000 bytes.
    ///
    /// ```
    /// use tower_phone_auth::OAuthLayer;
    ///
    /// let builder = OAuthLayer::builder().login_page("/welcome").public(["/welcome"]);
    /// ```
    pub fn login_page(mut self, path: impl Into<String>) -> Self {
        self.settings.login_page = Some(path.into());
        self
    }
}
