//! The page where the user types the code.

use std::borrow::Cow;

use maud::{PreEscaped, html};

use super::{WEBOTP, described_by, error, titled};
use crate::{
    language::Written,
    page::{Page, texts::Texts},
};

/// The id of the text that names the number.
const SENT: &str = "sent";
/// The id of the wait until a new code.
const WAIT: &str = "wait";

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
    pub(crate) site: Option<Written<'a>>,
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
    let is_refused = problem.is_some();
    let wait = (page.resend_in > 0).then_some(WAIT);
    let links = html! {
        a href=(page.change) { (phone.change) }
        @if let Some(inbox) = page.inbox { a href=(inbox) target="_blank" { (phone.inbox) } }
    };
    let content = html! {
        p id=(SENT) { ((phone.sent_to)(page.number)) }
        form method="post" action=(page.action) {
            (error(problem.as_deref()))
            label for="code" { (phone.code_label) }
            input #code name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
                required maxlength="20" autofocus aria-invalid=[is_refused.then_some("true")]
                aria-describedby=(described_by(is_refused, SENT));
            button { (phone.confirm) }
        }
        form method="post" action=(page.action) {
            button.plain name="action" value="resend" aria-describedby=[wait] { (phone.resend) }
            @if let Some(id) = wait { small id=(id) { ((phone.resend_in)(page.resend_in)) } }
        }
        nav.links aria-label=(texts.names.next_steps) { (links) }
        script type="module" { (PreEscaped(WEBOTP)) }
    };
    titled(texts, page.site, phone.code_title, &content)
}
