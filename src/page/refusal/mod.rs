//! The page after a refused sign-in. It has the cause, the next step, and the reference that also
//! stands in the log.
//!
//! The page names the provider. The cause of a refusal is in the log, where an operator finds it by
//! the reference. A code that says nothing to users is hidden behind "Details", and is not shown at
//! all to users who cancelled.
//!
//! | links of the page | shown for |
//! |---|---|
//! | "Try again", "Sign in again" | every refusal |
//! | "Use another account" | a refusal that concerns the account; first if the account is denied |
//! | "Another way to sign in" | every refusal if there are several providers; first if only an operator can help |
//! | "Open in a browser" | blocked cookies inside an app |
//! | "Go to the start page" | most refusals; first if only an operator can help and there is one provider |

use maud::{Markup, PreEscaped, html};

use super::{
    Page, illustrated, keep_fragment, named, next_steps,
    texts::{Cause, Texts},
};
use crate::{
    error::{LoginError, LoginErrorKind},
    language::Written,
    provider::Title,
};

mod icon;

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

/// The page. `provider` is the provider of the sign-in. `said` is the application's reason, if its
/// hook refused the user. The reason replaces the cause and is escaped like all texts.
pub(crate) fn render(
    texts: &Texts,
    error: &LoginError,
    provider: Option<&Title>,
    said: Option<Written<'_>>,
    links: &Links<'_>,
) -> Page {
    let Cause { title, cause, next } = (texts.refusal.of)(error.kind());
    let named = |text: &str| named(texts, provider, text);
    let (title, cause, next) = (named(title), named(cause), named(next));
    let content = html! {
        @match said {
            Some(said) => (reason(texts, said)),
            // The title of some refusals says everything.
            None => @if !cause.is_empty() { p { (cause) } },
        }
        @if !next.is_empty() { p { (next) } }
        (next_steps(texts, &ways(texts, error.kind(), links)))
        small { (texts.refusal.reference) " " (error.reference()) }
        @if let Some(code) = code(error) {
            details { summary { (texts.refusal.details) } code { (code) } }
        }
        (keep_fragment())
    };
    illustrated(texts, &title, &PreEscaped(icon::of(error.kind())), &content)
}

/// The code for the operator, unless the user decided.
fn code(error: &LoginError) -> Option<&str> {
    let is_decision = error.kind() == LoginErrorKind::Cancelled;
    error.shown_code().filter(|_| !is_decision)
}

/// The application's reason. Its language may be written from right to left, or be unknown.
fn reason(texts: &Texts, said: Written<'_>) -> Markup {
    let lang = said.lang(texts.tag);
    html! { p lang=[lang] dir=[lang.and(Some("auto"))] { (said.text) } }
}

/// The links, with the one first that helps most. If only an operator can fix the cause, the same
/// sign-in would fail again, so another provider or the start page comes first.
fn ways(texts: &Texts, kind: LoginErrorKind, links: &Links<'_>) -> Markup {
    let again = match links.another_account {
        Some(_) => texts.names.try_again,
        None => texts.names.sign_in_again,
    };
    let mut ways = vec![Way::sign_in(links.retry, again)];
    if let Some(another) = &links.another_account {
        let another = Way::sign_in(another, texts.refusal.another_account);
        // The same account would be refused again.
        let is_best = matches!(kind, LoginErrorKind::Denied | LoginErrorKind::OtherAccount);
        ways.insert(usize::from(!is_best), another);
    }
    let choice = links.choice.as_deref();
    ways.extend(choice.map(|choice| Way::sign_in(choice, texts.refusal.another_way)));
    ways.extend(
        links
            .way_out
            .map(|out| Way::to(out, texts.names.open_in_browser)),
    );
    let home = links.home.as_deref();
    ways.extend(home.map(|home| Way::to(home, texts.names.start_page)));
    if kind.is_for_operator() && ways.len() > 1 {
        // The stable order keeps the other links as they are.
        let best = ways
            .iter()
            .position(|way| choice.map_or(!way.is_sign_in, |link| way.link == link));
        if let Some(best) = best {
            let best = ways.remove(best);
            ways.insert(0, best);
        }
    }
    html! {
        @for (number, Way { link, name, is_sign_in }) in ways.iter().enumerate() {
            a.act[number == 0] href=(link) data-login[*is_sign_in] { (name) }
        }
    }
}

/// A link of the page.
struct Way<'a> {
    link: &'a str,
    name: &'a str,
    /// Whether the link begins a sign-in, which keeps the fragment of the page.
    is_sign_in: bool,
}

impl<'a> Way<'a> {
    fn sign_in(link: &'a str, name: &'a str) -> Self {
        Self {
            is_sign_in: true,
            ..Self::to(link, name)
        }
    }

    fn to(link: &'a str, name: &'a str) -> Self {
        Self {
            link,
            name,
            is_sign_in: false,
        }
    }
}
