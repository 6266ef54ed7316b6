//! The page where the user types the number.

use std::borrow::Cow;

use maud::html;

use super::{described_by, error, titled};
use crate::{
    language::Written,
    page::{Page, texts::Texts},
};

/// The id of the permitted countries.
const COUNTRIES: &str = "countries";

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
pub(crate) fn render(texts: &Texts, page: &Number<'_>) -> Page {
    let phone = &texts.phone;
    let problem = page.problem.map(|problem| match problem {
        Problem::Unfit => Cow::from(phone.unfit),
        Problem::TooMany(seconds) => (phone.too_many)(seconds).into(),
        Problem::Unavailable => phone.unavailable.into(),
    });
    let is_refused = problem.is_some();
    let countries = page.countries.iter();
    let countries: Vec<_> = countries
        .map(|(code, dialled)| format!("{} ({dialled})", texts.region(code)))
        .collect();
    let content = html! {
        p { (phone.number.text) }
        form method="post" action=(page.action) {
            (error(problem.as_deref()))
            label for="number" { (phone.number_label) }
            input #number name="number" type="tel" autocomplete="tel" required maxlength="40"
                autofocus aria-invalid=[is_refused.then_some("true")]
                aria-describedby=(described_by(is_refused, COUNTRIES));
            small id=(COUNTRIES) { ((phone.countries)(&countries)) }
            button { (phone.send) }
            @if let Some(code) = page.code { a href=(code) { (phone.have_code) } }
        }
    };
    titled(texts, page.site, phone.number.title, &content)
}
