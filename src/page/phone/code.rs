//! The page where the user types the code.

use std::time::Duration;

use super::{SENT, WEBOTP};
use crate::language::Written;
use crate::page::{Button, Document, Field, Form, Link, Page, PageKind, PageText, texts::Texts};

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
pub(crate) fn render(texts: &Texts, page: &Code<'_>) -> Document {
    let phone = &texts.phone;
    let error = page.problem.map(|problem| match problem {
        Problem::Malformed => PageText::from(phone.malformed),
        Problem::Wrong(left) => (phone.wrong)(left).into(),
        Problem::Expired => phone.expired.into(),
        Problem::TooMany(seconds) => (phone.too_many)(seconds).into(),
        Problem::Unavailable => phone.unavailable.into(),
        Problem::MayArrive => phone.may_arrive.into(),
        Problem::NotChecked => phone.not_checked.into(),
    });
    let field = Field {
        name: "code",
        label: phone.code_label.into(),
        hint: None,
        described_by: SENT,
        is_invalid: error.is_some(),
    };
    let wait = (page.resend_in > 0).then_some(page.resend_in);
    let resend = Button {
        value: Some(("action", "resend")),
        note: wait.map(|seconds| (phone.resend_in)(seconds).into()),
        ..Button::plain(phone.resend)
    };
    let confirm = Form::new(page.action, Button::new(phone.confirm)).field(field);
    let mut content = Page::new(PageKind::PhoneCode, texts.tag, phone.code_title)
        .text(PageText::from((phone.sent_to)(page.number)).with_whole(page.number))
        .form(confirm.error(error))
        .form(Form::new(page.action, resend))
        .link(Link::new(page.change, phone.change))
        .script_of(WEBOTP);
    content.wait = wait.map(Duration::from_secs);
    content.site = page.site.map(|site| PageText::written(site, texts.tag));
    let inbox = page.inbox.map(|inbox| Link::new(inbox, phone.inbox));
    let inbox = inbox.map(|inbox| inbox.in_window(Some("_blank")));
    content.links.extend(inbox);
    Document::new(texts, content)
}
