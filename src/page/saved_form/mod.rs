//! The pages of a saved form: the offer to send it, and the reason why it cannot be sent.
//!
//! The flow of a saved form is described in `flow/form/mod.rs`. The page of the offer sends nothing
//! by itself. Its button posts to the layer, which answers 307, so that the browser sends the same
//! body to the form's own address.
//!
//! | status | links |
//! |---|---|
//! | `Sent`, `Discarded` | on to the page before |
//! | `ProbablySent` | on to the page before, and to the form again |
//! | `SignedOut`, `OfAnotherUser` | to a sign-in, and on to the page before |
//! | `Gone` | on to the page before, and to another form that is kept |

use super::{
    Button, Document, Form, Link, Page, PageKind, PageText, RELOAD,
    texts::{Texts, Words},
};

mod fields;

/// A form that can be sent. All links are on this origin.
pub(crate) struct Offer<'a> {
    /// The form's own address. The page names it. The form has it as its `action`, which the
    /// `formaction` of the button replaces.
    pub(crate) action: &'a str,
    /// The names and values of the form.
    pub(crate) fields: &'a [(String, String)],
    /// The layer's address of the first button, which sends the form on to its own address.
    pub(crate) send: &'a str,
    /// The layer's address of the second button, which deletes the form.
    pub(crate) discard: &'a str,
}

/// The page with the fields and both buttons. The text says nothing about the time of the sign-in,
/// so it is also true on a page that the browser restores by itself.
pub(crate) fn offer(texts: &Texts, offer: &Offer<'_>) -> Document {
    let Words { title, text } = texts.saved_form.offer;
    let send = Button {
        action: Some(PageText::from(offer.send.to_owned())),
        ..Button::new(texts.saved_form.send)
    };
    let discard = Button::plain(texts.saved_form.discard);
    let mut page = Page::new(PageKind::SavedForm, texts.tag, title)
        .text(text)
        .form(Form::new(offer.action, send).with_hidden(offer.fields))
        .form(Form::new(offer.discard, discard))
        .script_of(RELOAD);
    let details = fields::details(&texts.saved_form, offer.action, offer.fields);
    page.parts.details = Some(details.0);
    Document::new(texts, page)
}

/// The reason why the form cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormStatus {
    /// The user sent the form from this page.
    Sent,
    /// A form of the same length was sent to the same address, probably from the page before.
    ProbablySent,
    /// The user discarded the form.
    Discarded,
    /// There is no session.
    SignedOut,
    /// The form belongs to another user. Its content is not shown.
    OfAnotherUser,
    /// The form is not kept any more, or is in another browser.
    Gone,
}

/// The links of the page, all on this origin. Which of them are shown depends on the status.
pub(crate) struct Links<'a> {
    /// The page to go on to.
    pub(crate) place: &'a str,
    /// A sign-in, if one helps.
    pub(crate) login: Option<&'a str>,
    /// The page of a form that is still kept: this one if it was probably sent, or another one.
    pub(crate) form: Option<&'a str>,
}

/// The page that says why the form cannot be sent.
pub(crate) fn status(texts: &Texts, status: FormStatus, links: &Links<'_>) -> Document {
    let form = &texts.saved_form;
    let Words { title, text } = match status {
        FormStatus::Sent => form.sent,
        FormStatus::ProbablySent => form.probably_sent,
        FormStatus::Discarded => form.discarded,
        FormStatus::SignedOut => form.signed_out,
        FormStatus::OfAnotherUser => form.of_another_user,
        FormStatus::Gone => form.gone,
    };
    let mut page = Page::new(PageKind::SavedFormEnded, texts.tag, title).text(text);
    page.links = ways(texts, status, links);
    Document::new(texts, page)
}

/// The links, with the one first that helps most.
fn ways(texts: &Texts, status: FormStatus, links: &Links<'_>) -> Vec<Link> {
    let login = match status {
        FormStatus::OfAnotherUser => texts.saved_form.another_account,
        _ => texts.names.sign_in,
    };
    let form = match status {
        FormStatus::Gone => texts.saved_form.see_other,
        _ => texts.saved_form.see_again,
    };
    let on = Link {
        is_main: links.login.is_none(),
        ..Link::new(links.place, texts.names.go_on)
    };
    let login = links.login.map(|link| Link::main(link, login));
    let form = links.form.map(|link| Link::new(link, form));
    login.into_iter().chain([on]).chain(form).collect()
}
