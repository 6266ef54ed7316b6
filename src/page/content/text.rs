//! The texts of a page, which escape themselves.

use std::{
    borrow::Cow,
    fmt::{self, Write},
};

use maud::{Escaper, Markup, html};

use crate::language::Written;

/// A text of a [`Page`](super::Page). Its `Display` is escaped for HTML, so it can stand in an
/// element and in a quoted attribute.
///
/// ```
/// use tower_phone_auth::page::Page;
///
/// fn heading(page: &Page) -> String {
///     format!("<h1>{}</h1>", page.title) // safe, whatever the title holds
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageText {
    text: Cow<'static, str>,
    /// `None` for the language of the page.
    lang: Option<Box<str>>,
    /// The part in which the layer's own page breaks no line.
    whole: Option<Box<str>>,
}

impl PageText {
    /// The text in the language that the application gave it in.
    pub(crate) fn written(text: Written<'_>, page: &str) -> Self {
        Self {
            text: text.text.to_owned().into(),
            lang: text.lang(page).map(Into::into),
            whole: None,
        }
    }

    /// The text without escaping, for templates that escape by themselves.
    ///
    /// ```
    /// use tower_phone_auth::page::Page;
    ///
    /// fn is_long(page: &Page) -> bool {
    ///     page.title.as_str().chars().count() > 40
    /// }
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The language tag, if it is not the language of the page. The empty tag stands for an unknown
    /// language, as in the attribute `lang`.
    ///
    /// ```
    /// use tower_phone_auth::page::Page;
    ///
    /// fn paragraphs(page: &Page) -> String {
    ///     let one = |text: &tower_phone_auth::page::PageText| match text.lang() {
    ///         Some(lang) => format!(r#"<p lang="{lang}" dir="auto">{text}</p>"#),
    ///         None => format!("<p>{text}</p>"),
    ///     };
    ///     page.texts.iter().map(one).collect()
    /// }
    /// ```
    #[must_use]
    pub fn lang(&self) -> Option<&str> {
        self.lang.as_deref()
    }

    /// The text with more behind it.
    pub(in crate::page) fn followed_by(&self, more: &str) -> Self {
        Self {
            text: format!("{}{more}", self.text).into(),
            lang: self.lang.clone(),
            whole: self.whole.clone(),
        }
    }

    /// A text of the layer in this language. `None` for the language of the page.
    pub(in crate::page) fn in_language(text: &'static str, lang: Option<&str>) -> Self {
        Self {
            text: text.into(),
            lang: lang.map(Into::into),
            whole: None,
        }
    }

    /// The text with a part that a line break must not divide, such as a number with hyphens.
    pub(in crate::page) fn with_whole(self, part: &str) -> Self {
        Self {
            whole: Some(part.into()),
            ..self
        }
    }

    /// A paragraph, with the language of the text if it is another one.
    pub(in crate::page) fn paragraph(&self, id: Option<&str>) -> Markup {
        let lang = self.lang();
        let whole = self.whole.as_deref();
        let parts = whole.and_then(|whole| Some((self.text.split_once(whole)?, whole)));
        html! {
            p id=[id] lang=[lang] dir=[lang.and(Some("auto"))] {
                @if let Some(((before, after), whole)) = parts {
                    (before) span.whole { (whole) } (after)
                } @else {
                    (self.as_str())
                }
            }
        }
    }
}

/// Escaped for HTML.
impl fmt::Display for PageText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut escaped = String::new();
        Escaper::new(&mut escaped).write_str(&self.text)?;
        // `maud` leaves the single quote, because it writes double quotes around attributes.
        f.write_str(&escaped.replace('\'', "&#39;"))
    }
}

impl From<&'static str> for PageText {
    fn from(text: &'static str) -> Self {
        Self {
            text: text.into(),
            lang: None,
            whole: None,
        }
    }
}

impl From<String> for PageText {
    fn from(text: String) -> Self {
        Self {
            text: text.into(),
            lang: None,
            whole: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_escaped_for_elements_and_both_kinds_of_quotes() {
        let text = PageText::from(r#"<b class='x'>"&"</b>"#);
        let escaped = "&lt;b class=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/b&gt;";
        assert_eq!(text.to_string(), escaped);
        assert_eq!(text.as_str(), r#"<b class='x'>"&"</b>"#);
    }
}
