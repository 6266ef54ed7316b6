//! The function of the application for its own markup, and the check of what it returns.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use super::{Form, Page, PageKind, PageText};

/// The type of [`Builder::pages`](crate::Builder::pages). `None` leaves the page to the layer.
type Function = dyn Fn(&Page) -> Option<String> + Send + Sync;

/// The function, if one is set.
#[derive(Clone, Default)]
pub(crate) struct Pages(Option<Arc<Function>>);

impl Pages {
    pub(crate) fn new(pages: impl Fn(&Page) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(pages)))
    }

    /// Whether there is a function to ask.
    pub(in crate::page) fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// The markup of the application. `None` for the layer's own page, also if the function panics
    /// or leaves out what a user needs to go on. A fault of one page must not keep users out.
    pub(in crate::page) fn markup(&self, page: &Page) -> Option<String> {
        let pages = self.0.as_ref()?;
        let kind = page.kind.as_str();
        // The function only reads, so a panic leaves nothing half done in the layer.
        let Ok(markup) = catch_unwind(AssertUnwindSafe(|| pages(page))) else {
            tracing::error!(
                page = kind,
                "the application's page panicked; the layer's is shown"
            );
            return None;
        };
        let markup = markup?;
        match lacking(page, &markup) {
            None => Some(markup),
            Some(part) => {
                tracing::error!(
                    page = kind,
                    "the application's page has no {part}; the layer's is shown"
                );
                None
            }
        }
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").field(&self.is_set()).finish()
    }
}

/// The part that a user needs and that the markup does not have. All forms must be there, and one
/// link of a page without forms.
fn lacking(page: &Page, markup: &str) -> Option<&'static str> {
    let has = |address: &PageText| has_attribute(markup, address);
    if page.kind == PageKind::SignIn {
        let is_offered = page.providers.iter().any(|one| has(&one.href));
        return (!is_offered).then_some("link to a provider");
    }
    if let Some(part) = page
        .forms
        .iter()
        .find_map(|form| lacking_in(form, markup, &has))
    {
        return Some(part);
    }
    let leads_on = !page.forms.is_empty() || page.links.iter().any(|link| has(&link.href));
    (!leads_on).then_some("link")
}

/// Whether an address is the value of an attribute, as the page writes it or as other templates do.
fn has_attribute(markup: &str, address: &PageText) -> bool {
    let by_maud = maud::html! { (address.as_str()) }.0;
    let spellings = [address.to_string(), by_maud, address.as_str().to_owned()];
    spellings.iter().any(|address| {
        [
            format!("=\"{address}\""),
            format!("='{address}'"),
            format!("={address}>"),
            format!("={address} "),
        ]
        .iter()
        .any(|attribute| markup.contains(attribute))
    })
}

/// The part of a form.
fn lacking_in(form: &Form, markup: &str, has: &impl Fn(&PageText) -> bool) -> Option<&'static str> {
    let named = |name: &str, value: &str| markup.contains(&format!("{name}=\"{value}\""));
    if !has(&form.action) {
        return Some("address of a form");
    }
    if !markup.contains(&form.hidden()) {
        return Some("hidden fields of a form");
    }
    if !form.fields.iter().all(|field| named("name", field.name)) {
        return Some("field of a form");
    }
    let is_there = |button: &super::Button| {
        button.action.as_ref().is_none_or(has)
            && button.value.is_none_or(|(_, value)| named("value", value))
    };
    let has_button = markup.contains("<button") || markup.contains("\"submit\"");
    (!has_button || !form.buttons.iter().all(is_there)).then_some("button of a form")
}
