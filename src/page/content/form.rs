//! The forms of a page.

use std::fmt;

use maud::{Markup, html};

use super::PageText;

/// The id of the error, which the field names by `aria-describedby`.
const ERROR: &str = "error";
/// The id of the note about a button.
const WAIT: &str = "wait";

/// A form of a [`Page`](super::Page). Its `Display` is the finished `<form>` element with all its
/// fields.
///
/// For markup of your own, write a form with `method="post"`, the [`action`](Self::action), the
/// [`hidden`](Self::hidden) fields, the [`fields`](Self::fields) and the
/// [`buttons`](Self::buttons), all of which have a finished element as their `Display`.
///
/// ```
/// use tower_phone_auth::page::Form;
///
/// fn form(form: &Form) -> String {
///     let fields = form.fields.iter().map(|field| format!("<p>{}: {field}</p>", field.label));
///     let buttons = form.buttons.iter().map(ToString::to_string);
///     format!(
///         r#"<form class="card" method="post" action="{}">{}{}</form>"#,
///         form.action,
///         form.hidden(),
///         fields.chain(buttons).collect::<String>(),
///     )
/// }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Form {
    /// The address that the form is sent to, on this origin. A button may have another one.
    pub action: PageText,
    /// The error of the last try, which stands above the fields.
    pub error: Option<PageText>,
    /// The fields that the user fills in.
    pub fields: Vec<Field>,
    /// The buttons.
    pub buttons: Vec<Button>,
    /// The names and values that go along. They may hold what the user wrote before.
    hidden: Vec<(String, String)>,
}

impl Form {
    pub(in crate::page) fn new(action: &str, button: Button) -> Self {
        Self {
            action: action.to_owned().into(),
            error: None,
            fields: Vec::new(),
            buttons: vec![button],
            hidden: Vec::new(),
        }
    }

    pub(in crate::page) fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    pub(in crate::page) fn error(self, error: Option<PageText>) -> Self {
        Self { error, ..self }
    }

    pub(in crate::page) fn with_hidden(self, hidden: &[(String, String)]) -> Self {
        Self {
            hidden: hidden.to_vec(),
            ..self
        }
    }

    /// The hidden fields as finished elements. Empty for most forms.
    ///
    /// ```
    /// use tower_phone_auth::page::Form;
    ///
    /// fn begin(form: &Form) -> String {
    ///     format!(r#"<form method="post" action="{}">{}"#, form.action, form.hidden())
    /// }
    /// ```
    #[must_use]
    pub fn hidden(&self) -> String {
        self.hidden_markup().0
    }

    fn hidden_markup(&self) -> Markup {
        html! {
            @for (name, value) in &self.hidden { input type="hidden" name=(name) value=(value); }
        }
    }

    /// Screen readers read the error at once, because the page opens with it.
    pub(in crate::page) fn markup(&self) -> Markup {
        html! {
            form method="post" action=(self.action.as_str()) {
                @if let Some(error) = &self.error {
                    p.error id=(ERROR) role="alert" { (error.as_str()) }
                }
                (self.hidden_markup())
                @for field in &self.fields {
                    label for=(field.name) { (field.label.as_str()) }
                    (field.markup())
                    @if let Some(hint) = &field.hint {
                        small id=(field.described_by) { (hint.as_str()) }
                    }
                }
                @for button in &self.buttons {
                    (button.markup())
                    @if let Some(note) = &button.note { small id=(WAIT) { (note.as_str()) } }
                }
            }
        }
    }
}

/// The `<form>` element.
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.markup().0)
    }
}

/// Hides the values, which the user wrote in a form of the application.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form")
            .field("action", &self.action)
            .field("error", &self.error)
            .field("fields", &self.fields)
            .field("buttons", &self.buttons)
            .field("hidden", &self.hidden.len())
            .finish()
    }
}

/// A field that the user fills in. Its `Display` is the finished `<input>` element, with its name,
/// `autocomplete`, `inputmode` and limits.
///
/// ```
/// use tower_phone_auth::page::Field;
///
/// fn field(field: &Field) -> String {
///     format!(r#"<label for="{}">{}</label>{field}"#, field.name, field.label)
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Field {
    /// The name, which is also the id of the element: `number` or `code`.
    pub name: &'static str,
    /// The label.
    pub label: PageText,
    /// The help below the field.
    pub hint: Option<PageText>,
    /// The id of the text that describes the field: that of the [`hint`](Self::hint), or of the
    /// first text of the page.
    pub described_by: &'static str,
    /// Whether the last text was refused. The element then has `aria-invalid`.
    pub is_invalid: bool,
}

impl Field {
    pub(in crate::page) fn markup(&self) -> Markup {
        let is_code = self.name == "code";
        let invalid = self.is_invalid.then_some("true");
        // Screen readers read the error first.
        let described = match self.is_invalid {
            true => format!("{ERROR} {}", self.described_by),
            false => self.described_by.to_owned(),
        };
        let (kind, autocomplete, longest) = match is_code {
            true => ("text", "one-time-code", "20"),
            false => ("tel", "tel", "40"),
        };
        html! {
            input id=(self.name) name=(self.name) type=(kind)
                inputmode=[is_code.then_some("numeric")] autocomplete=(autocomplete) required
                maxlength=(longest) autofocus aria-invalid=[invalid] aria-describedby=(described);
        }
    }
}

/// The `<input>` element.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.markup().0)
    }
}

/// A button of a form. Its `Display` is the finished `<button>` element, with its name, value and
/// address.
///
/// ```
/// use tower_phone_auth::page::Button;
///
/// fn footer(button: &Button) -> String {
///     format!("<footer>{button}</footer>")
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Button {
    /// The text.
    pub label: PageText,
    /// Whether this is the button that helps most. The element of any other has the class `plain`.
    pub is_main: bool,
    /// A note about the button, such as the time until it can be used.
    pub note: Option<PageText>,
    /// The address in place of the form's.
    pub(in crate::page) action: Option<PageText>,
    /// The name and the value that the form has with this button.
    pub(in crate::page) value: Option<(&'static str, &'static str)>,
}

impl Button {
    pub(in crate::page) fn new(label: impl Into<PageText>) -> Self {
        Self {
            label: label.into(),
            is_main: true,
            note: None,
            action: None,
            value: None,
        }
    }

    /// A button that does not stand out.
    pub(in crate::page) fn plain(label: impl Into<PageText>) -> Self {
        Self {
            is_main: false,
            ..Self::new(label)
        }
    }

    pub(in crate::page) fn markup(&self) -> Markup {
        let action = self.action.as_ref().map(PageText::as_str);
        let (name, value) = self.value.unzip();
        let described = self.note.as_ref().map(|_| WAIT);
        html! {
            button class=[(!self.is_main).then_some("plain")] formaction=[action] name=[name]
                value=[value] aria-describedby=[described] {
                (self.label.as_str())
            }
        }
    }
}

/// The `<button>` element.
impl fmt::Display for Button {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.markup().0)
    }
}
