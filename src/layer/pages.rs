//! The settings of the pages.

use super::Builder;
use crate::page::{Page, Pages, Site};

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

    /// The application's own markup for the pages of the layer. Default: the layer's pages.
    ///
    /// The function gets each [`Page`] as data: its kind, texts, links and finished forms. It
    /// returns a whole HTML document, or `None` for the layer's page. It is asked after
    /// [`on_failure`](Self::on_failure), which may replace the whole response of a refusal.
    ///
    /// The layer keeps the status, the cookies and all headers, so a page of the application is no
    /// less safe:
    ///
    /// - The `Content-Security-Policy` stays: no other origin, no frame of another site, no
    ///   connection. It permits the styles and scripts that have [`Page::nonce`], and fonts and
    ///   images of this origin.
    /// - Texts and addresses escape themselves in `format!`.
    /// - The layer shows its own page, and logs an ERROR line, if the function panics, leaves out a
    ///   form, or leaves out all links.
    ///
    /// ```
    /// use tower_phone_auth::{OAuthLayer, page::{Page, PageKind}};
    ///
    /// let builder = OAuthLayer::builder().pages(|page: &Page| {
    ///     let buttons: String = match page.kind {
    ///         PageKind::SignIn => page.providers.iter().map(ToString::to_string).collect(),
    ///         _ => return None,
    ///     };
    ///     let (head, style, title) = (page.head(), page.style(), &page.title);
    ///     Some(format!("<!doctype html>{head}{style}<h1>{title}</h1><ul><li>{buttons}</ul>"))
    /// });
    /// ```
    pub fn pages<F>(mut self, pages: F) -> Self
    where
        F: Fn(&Page) -> Option<String> + Send + Sync + 'static,
    {
        self.settings.plain.pages = Pages::new(pages);
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
