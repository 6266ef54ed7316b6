//! The page where the user types the code.

use std::borrow::Cow;

use maud::{PreEscaped, html};

use super::{ERROR, WEBOTP, error};
use crate::page::{Page, layout, texts::Texts};

/// The reason why the code did not count, or why no new one was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The text is not six digits. No try was used.
    Malformed,
    /// The code is wrong, and so many tries are left.
    Wrong(u32),
    /// The code has expired, or was used up. A new one is needed.
    Expired,
    /// The last message is too new, or a limit is reached. The wait in seconds.
    TooMany(u64),
    /// No new message was sent, because of a limit of the service or a failure.
    Unavailable,
    /// The new code may have arrived, or not.
    MayArrive,
    /// The service that checks codes did not answer. No try was used.
    NotChecked,
}

/// The values of the page.
pub(crate) struct Code<'a> {
    /// The address of both forms.
    pub(crate) action: &'a str,
    /// The number, masked.
    pub(crate) number: &'a str,
    /// The page of the number.
    pub(crate) change: &'a str,
    /// The seconds until a new code can be sent. 0 for now.
    pub(crate) resend_in: u64,
    /// The page with the messages of a sender for development.
    pub(crate) inbox: Option<&'a str>,
    pub(crate) problem: Option<Problem>,
    /// The name of the site, if the application gave one.
    pub(crate) site: Option<&'a str>,
}

/// The page. Its two forms have the same address, and the button of the second asks for a new code.
pub(crate) fn render(texts: &Texts, page: &Code<'_>) -> Page {
    let phone = &texts.phone;
    let problem = page.problem.map(|problem| match problem {
        Problem::Malformed => Cow::from(phone.malformed),
        Problem::Wrong(left) => (phone.wrong)(left).into(),
        Problem::Expired => phone.expired.into(),
        Problem::TooMany(seconds) => (phone.too_many)(seconds).into(),
        Problem::Unavailable => phone.unavailable.into(),
        Problem::MayArrive => phone.may_arrive.into(),
        Problem::NotChecked => phone.not_checked.into(),
    });
    let described = problem.is_some().then_some(ERROR);
    let content = html! {
        @if let Some(site) = page.site { p.site { (site) } }
        p { ((phone.sent_to)(page.number)) }
        form method="post" action=(page.action) {
            (error(problem.as_deref()))
            label for="code" { (phone.code_label) }
            input #code name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
                required maxlength="20" autofocus aria-invalid=[described.map(|_| "true")]
                aria-describedby=[described];
            button { (phone.confirm) }
        }
        form method="post" action=(page.action) {
            button.plain name="action" value="resend" { (phone.resend) }
            @if page.resend_in > 0 { small { ((phone.resend_in)(page.resend_in)) } }
        }
        nav {
            a href=(page.change) { (phone.change) }
            @if let Some(inbox) = page.inbox { a href=(inbox) target="_blank" { (phone.inbox) } }
        }
        script type="module" { (PreEscaped(WEBOTP)) }
    };
    layout(texts, phone.code_title, &content)
}
