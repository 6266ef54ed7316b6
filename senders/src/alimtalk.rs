//! AlimTalk, messages of KakaoTalk from a reviewed template.

use std::fmt;

use tower_phone_auth::phone_step::Message;

/// An approved AlimTalk template, for [`Solapi`](crate::Solapi), [`Sens`](crate::Sens) and
/// [`Nhn`](crate::Nhn).
///
/// KakaoTalk gets the text of the template, which must be equal to the approved one outside of its
/// variables. A user without KakaoTalk gets an SMS with the same code, unless
/// [`without_sms`](Self::without_sms) is set. Numbers outside Korea get an SMS in any case.
///
/// ```
/// use tower_phone_auth_senders::AlimTalk;
///
/// let template = AlimTalk::new("KA01PF…", "KA01TP…")
///     .text("[#{site}] 인증번호는 #{code}입니다.")
///     .variable("site", "{site}");
/// let other = AlimTalk::new("KA01PF…", "KA01TP…")
///     .without_code_variable()
///     .variable("number", "{code}")
///     .without_sms();
/// # let _ = (template, other);
/// ```
#[derive(Clone)]
pub struct AlimTalk {
    pub(crate) channel: String,
    pub(crate) template: String,
    pub(crate) text: String,
    variables: Vec<(String, String)>,
    pub(crate) falls_back: bool,
}

impl AlimTalk {
    /// The template of a channel. It has the variable `code`, which gets the code.
    ///
    /// The channel is `pfId` with Solapi, `plusFriendId` (`@channel`) with SENS, and `senderKey`
    /// with NHN Cloud.
    #[must_use]
    pub fn new(channel: impl Into<String>, template: impl Into<String>) -> Self {
        Self {
            channel: channel.into(),
            template: template.into(),
            text: String::new(),
            variables: vec![("code".to_owned(), "{code}".to_owned())],
            falls_back: true,
        }
    }

    /// The text of the template, with variables such as `#{code}`. SENS needs it, because it takes
    /// the whole text. The others take the variables alone.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..self
        }
    }

    /// Adds a variable of the template, or changes one. The name has no `#`, no braces and no dot.
    /// In the value, `{code}` is the code and `{site}` the name of the site.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.variables.retain(|(other, _)| *other != name);
        self.variables.push((name, value));
        self
    }

    /// Removes the variable `code`, for a template that names it otherwise.
    #[must_use]
    pub fn without_code_variable(mut self) -> Self {
        self.variables.retain(|(name, _)| name != "code");
        self
    }

    /// Sends no SMS to a user without KakaoTalk.
    #[must_use]
    pub fn without_sms(self) -> Self {
        Self {
            falls_back: false,
            ..self
        }
    }

    /// The variables with their values, which are texts: a code keeps its leading zero.
    pub(crate) fn filled<'a>(
        &'a self,
        message: &'a Message<'_>,
    ) -> impl Iterator<Item = (&'a str, String)> {
        self.variables.iter().map(move |(name, value)| {
            // The site first, so that a site with the text `{code}` is replaced in no value.
            let parts = value.split("{code}");
            let parts = parts.map(|part| part.replace("{site}", message.site));
            let filled: Vec<String> = parts.collect();
            (name.as_str(), filled.join(message.code))
        })
    }

    /// The text of the template with the values of its variables.
    pub(crate) fn filled_text(&self, message: &Message<'_>) -> String {
        let mut text = String::with_capacity(self.text.len() + 32);
        let mut rest = self.text.as_str();
        // In one pass, so that a value with `#{…}` in it is not replaced again.
        while let Some(start) = rest.find("#{") {
            let (before, variable) = rest.split_at(start);
            text.push_str(before);
            let end = variable.find('}').map_or(variable.len(), |end| end + 1);
            let name = variable[..end]
                .trim_start_matches("#{")
                .trim_end_matches('}');
            let value = self.filled(message).find(|(known, _)| *known == name);
            text.push_str(&value.map_or_else(|| variable[..end].to_owned(), |(_, value)| value));
            rest = &variable[end..];
        }
        text.push_str(rest);
        text
    }
}

/// Hides the texts.
impl fmt::Debug for AlimTalk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AlimTalk")
            .field("template", &self.template)
            .field("falls_back", &self.falls_back)
            .finish_non_exhaustive()
    }
}
