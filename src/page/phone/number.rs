//! The page where the user types the number.

use std::time::Duration;

use crate::language::Written;
use crate::page::{Button, Document, Field, Form, Link, Page, PageKind, PageText, texts::Texts};

/// The reason why no message was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The text is no mobile number of a permitted country, or the sender refuses the number.
    Unfit,
    /// The last message is too new, or a limit is reached. The wait in seconds.
    TooMany(u64),
    /// The limit of all messages is reached, or the sender or the store fails. Nothing was sent.
    Unavailable,
}

/// The values of the page.
pub(crate) struct Number<'a> {
    /// The address of the form.
    pub(crate) action: &'a str,
    /// The permitted countries: their codes, and what their numbers begin with, such as `+82`.
    pub(crate) countries: &'a [(String, String)],
    /// Leads back to the page of the code, if a message was sent before.
    pub(crate) code: Option<&'a str>,
    pub(crate) problem: Option<Problem>,
    /// The name of the site, if the application gave one.
    pub(crate) site: Option<Written<'a>>,
}

/// The page. The field is empty also after an error, so that the page holds no number.
pub(crate) fn render(texts: &Texts, page: &Number<'_>) -> Document {
    let phone = &texts.phone;
    let error = page.problem.map(|problem| match problem {
        Problem::Unfit => PageText::from(phone.unfit),
        Problem::TooMany(seconds) => (phone.too_many)(seconds).into(),
        Problem::Unavailable => phone.unavailable.into(),
    });
    let countries = page.countries.iter();
    let countries: Vec<_> = countries
        .map(|(code, dialled)| format!("{} ({dialled})", texts.region(code)))
        .collect();
    let field = Field {
        name: "number",
        label: phone.number_label.into(),
        hint: Some((phone.countries)(&countries).into()),
        described_by: "countries",
        is_invalid: error.is_some(),
    };
    let form = Form::new(page.action, Button::new(phone.send)).field(field);
    let mut content = Page::new(PageKind::PhoneNumber, texts.tag, phone.number.title)
        .text(phone.number.text)
        .form(form.error(error));
    if let Some(Problem::TooMany(seconds)) = page.problem {
        content.wait = Some(Duration::from_secs(seconds));
    }
    content.site = page.site.map(|site| PageText::written(site, texts.tag));
    let code = page.code.map(|code| Link::new(code, phone.have_code));
    content.links.extend(code);
    Document::new(texts, content)
}
