//! The page after a refused sign-in. It has the cause, the next step, and the reference that also
//! stands in the log.
//!
//! The details of a refusal are in the log, where an operator finds them by the reference. A code
//! stands beside the reference if it is safe to show.
//!
//! | links of the page | shown for |
//! |---|---|
//! | "Try again", "Sign in again" | every refusal |
//! | "Use another account" | a refusal that concerns the account; first if the account is denied |
//! | "Another way to sign in" | the same, if there are several providers |
//! | "Open in a browser" | blocked cookies inside an app |
//! | "Go to the start page" | most refusals; first if only an operator can help |

use maud::{Markup, html};

use super::{
    Page, keep_fragment, layout,
    texts::{Cause, Texts},
};
use crate::{
    error::{LoginError, LoginErrorKind},
    language::Written,
};

/// The links of the page, all on this origin. Links that are `None` are not shown.
pub(crate) struct Links<'a> {
    /// Begins the sign-in again.
    pub(crate) retry: &'a str,
    /// Begins a sign-in with another account. `None` if the refusal has nothing to do with the
    /// account.
    pub(crate) another_account: Option<String>,
    /// The page with all providers. `None` with one provider, or if another would not help.
    pub(crate) choice: Option<String>,
    /// The start page. `None` if it is protected and would sign the same account in again.
    pub(crate) home: Option<String>,
    /// Opens a full browser, for a page inside an app that blocks cookies.
    pub(crate) way_out: Option<&'a str>,
}

/// The page. `said` is the application's reason, if its hook refused the user. The reason replaces
/// the cause and is escaped like all texts.
pub(crate) fn render(
    texts: &Texts,
    error: &LoginError,
    said: Option<Written<'_>>,
    links: &Links<'_>,
) -> Page {
    let Cause { title, cause, next } = (texts.refusal.of)(error.kind());
    let content = html! {
        @match said {
            Some(said) => (reason(texts, said)),
            None => p { (cause) },
        }
        p { (next) }
        nav { (ways(texts, error.kind(), links)) }
        small {
            (texts.refusal.reference) " " (error.reference())
            @if let Some(code) = error.shown_code() { " · " (code) }
        }
        (keep_fragment())
    };
    layout(texts, title, &content)
}

/// The application's reason. Its language may be written from right to left, or be unknown.
fn reason(texts: &Texts, said: Written<'_>) -> Markup {
    let lang = said.lang(texts.tag);
    html! { p lang=[lang] dir=[lang.and(Some("auto"))] { (said.text) } }
}

/// The links, with the one first that helps most. If only an operator can fix the cause, the start
/// page comes first, because another sign-in would fail as well.
fn ways(texts: &Texts, kind: LoginErrorKind, links: &Links<'_>) -> Markup {
    let again = match links.another_account {
        Some(_) => texts.names.try_again,
        None => texts.names.sign_in_again,
    };
    let mut ways = vec![(links.retry, again)];
    if let Some(another) = &links.another_account {
        let another = (&**another, texts.refusal.another_account);
        // The same account would be refused again.
        let is_best = matches!(kind, LoginErrorKind::Denied | LoginErrorKind::OtherAccount);
        ways.insert(usize::from(!is_best), another);
    }
    let home = links.home.as_deref();
    let home = home.map(|home| (home, texts.names.start_page));
    let (first, last) = match kind.is_for_operator() {
        true => (home, None),
        false => (None, home),
    };
    html! {
        @if let Some((home, name)) = first { a.act href=(home) { (name) } }
        @for (number, (link, name)) in ways.into_iter().enumerate() {
            a.act[number == 0 && first.is_none()] href=(link) data-login { (name) }
        }
        @if let Some(choice) = &links.choice {
            a href=(choice) data-login { (texts.refusal.another_way) }
        }
        @if let Some(way_out) = links.way_out {
            a href=(way_out) { (texts.names.open_in_browser) }
        }
        @if let Some((home, name)) = last { a href=(home) { (name) } }
    }
}
