//! Links to `/auth/login` that the layer makes. Their query is read in `request/link.rs`.

use crate::{flow::Flow, web::return_to::ReturnTo};

/// The longest link in a `Location`. The other header lines of such a reply are short. Proxies take
/// 4,000 bytes of headers in all (`web/reply.rs`).
const MAX_LINK_BYTES: usize = 3400;

impl Flow {
    /// The link that begins a sign-in, at `provider` or by the sign-in page.
    pub(crate) fn login_link(&self, provider: Option<&str>, return_to: &ReturnTo) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(provider) = provider {
            query.append_pair("provider", provider);
        }
        // The script `page/fragment.js` takes a link without `return_to` for one to the root, so
        // below a path the return address is written out.
        let is_below = !self.config.prefix.base().as_str().is_empty();
        if is_below || return_to.as_str() != self.home().as_str() {
            query.append_pair("return_to", return_to.as_str());
        }
        if let Some(form) = return_to.form() {
            query.append_pair("form", &form.text());
        }
        let query = query.finish();
        let separator = if query.is_empty() { "" } else { "?" };
        format!("{}{separator}{query}", self.config.prefix.login())
    }

    /// [`login_link`](Self::login_link) for a `Location`. A return address that makes it too long
    /// for a proxy is left out, and the user comes back to the start page.
    pub(crate) fn short_login_link(&self, provider: Option<&str>, return_to: &ReturnTo) -> String {
        let link = self.login_link(provider, return_to);
        if link.len() <= MAX_LINK_BYTES {
            return link;
        }
        let home = self.home().with_form(return_to.form());
        self.login_link(provider, &home)
    }
}
