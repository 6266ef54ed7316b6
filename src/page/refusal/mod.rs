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

use maud::{PreEscaped, html};

use super::{
    Document, FRAGMENT, Link, Page, PageKind, PageText, named,
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
) -> Document {
    let Cause { title, cause, next } = (texts.refusal.of)(error.kind());
    let named = |text: &str| named(texts, provider, text);
    let reason = match said {
        Some(said) => Some(PageText::written(said, texts.tag)),
        // The title of some refusals says everything.
        None => (!cause.is_empty()).then(|| named(cause).into()),
    };
    let reference = error.reference().to_string();
    let mut page = Page::new(PageKind::Refusal, texts.tag, named(title));
    page.texts.extend(reason);
    page.links = ways(texts, error.kind(), links);
    let note = format!("{} {reference}", texts.refusal.reference);
    page.notes.push(note.into());
    page.cause = Some(error.kind());
    page.reference = Some(reference.into());
    page.wait = error.retry_after();
    if let Some(code) = code(error) {
        let details = html! {
            details { summary { (texts.refusal.details) } code { (code) } }
        };
        page.parts.details = Some(details.0);
        page.code = Some(code.to_owned().into());
    }
    if !next.is_empty() {
        page = page.text(named(next));
    }
    let page = page.script_of(FRAGMENT);
    Document::with_icon(texts, page, PreEscaped(icon::of(error.kind())))
}

/// The code for the operator, unless the user decided.
fn code(error: &LoginError) -> Option<&str> {
    let is_decision = error.kind() == LoginErrorKind::Cancelled;
    error.shown_code().filter(|_| !is_decision)
}

/// The links, with the one first that helps most. If only an operator can fix the cause, the same
/// sign-in would fail again, so another provider or the start page comes first.
fn ways(texts: &Texts, kind: LoginErrorKind, links: &Links<'_>) -> Vec<Link> {
    let again = match links.another_account {
        Some(_) => texts.names.try_again,
        None => texts.names.sign_in_again,
    };
    let mut ways = vec![Link::new(links.retry, again).beginning_sign_in()];
    if let Some(another) = &links.another_account {
        let another = Link::new(another, texts.refusal.another_account).beginning_sign_in();
        // The same account would be refused again.
        let is_best = matches!(kind, LoginErrorKind::Denied | LoginErrorKind::OtherAccount);
        ways.insert(usize::from(!is_best), another);
    }
    let choice = links.choice.as_deref();
    ways.extend(
        choice.map(|choice| Link::new(choice, texts.refusal.another_way).beginning_sign_in()),
    );
    let out = links.way_out;
    ways.extend(out.map(|out| Link::new(out, texts.names.open_in_browser)));
    let home = links.home.as_deref();
    ways.extend(home.map(|home| Link::new(home, texts.names.start_page)));
    if kind.is_for_operator() && ways.len() > 1 {
        // The stable order keeps the other links as they are.
        let best = ways
            .iter()
            .position(|way| choice.map_or(!way.is_sign_in, |link| way.href.as_str() == link));
        if let Some(best) = best {
            let best = ways.remove(best);
            ways.insert(0, best);
        }
    }
    if let Some(first) = ways.first_mut() {
        first.is_main = true;
    }
    ways
}
