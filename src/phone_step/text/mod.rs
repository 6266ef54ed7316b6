//! The text of the message.
//!
//! A message of Korean carriers has 90 bytes in EUC-KR, and carriers put `[Web발신]` in front. A
//! longer one costs more, as another kind of message. So a message has at most 80 bytes.

use euc_kr::bytes;

use super::code::Code;
use crate::{
    error::ConfigError,
    language::{Accepted, Text},
};

mod check;
mod euc_kr;
#[cfg(test)]
mod tests;

/// The most bytes of a message, in EUC-KR.
const MOST: usize = 80;
/// The place of the code in a text.
const CODE: &str = "{code}";
/// The place of the site's name in a text.
const SITE: &str = "{site}";
/// For measuring. All codes have the same length.
const ANY_CODE: &str = "000000";

/// The texts of the messages, checked against the length of a message.
#[derive(Clone, Debug)]
pub(crate) struct MessageTexts {
    text: Text,
    site: Text,
    /// The host of the public URL, without a port.
    host: String,
}

/// One message.
pub(crate) struct WrittenMessage<'a> {
    /// The whole text, with the code.
    pub(crate) text: String,
    /// The language of the text. Empty if it is unknown.
    pub(crate) language: &'a str,
    /// The name of the site in the language of the user.
    pub(crate) site: &'a str,
}

impl MessageTexts {
    /// Checks the texts. `text` has `{code}` and `{site}`; `None` for the texts of the layer.
    /// `host` is the host of the public URL, without a port.
    ///
    /// # Errors
    /// If a text has no `{code}` or another word in braces, characters that EUC-KR does not have,
    /// or more than 80 bytes with the name of the site.
    pub(crate) fn new(text: Option<Text>, site: Text, host: &str) -> Result<Self, ConfigError> {
        // Without a text of the application, only the name can be too long.
        let blamed = if text.is_some() {
            check::MESSAGE
        } else {
            check::SITE_NAME
        };
        let text = text.unwrap_or_else(built_in);
        check::template(&text)?;
        check::site(&site)?;
        let texts = Self {
            text,
            site,
            host: host.to_owned(),
        };
        let longest = texts
            .pairs()
            .map(|(text, site)| bytes(&filled(text, site, ANY_CODE)));
        match longest.max() {
            Some(longest) if longest > MOST => Err(check::too_long(blamed, longest)),
            _ => Ok(texts),
        }
    }

    /// Whether all messages end in the line that binds the code to the origin. False if the host
    /// is too long for it, which is worth a warning at the start.
    pub(crate) fn has_origin_line(&self) -> bool {
        self.pairs().all(|(text, site)| {
            self.bound(&filled(text, site, ANY_CODE), ANY_CODE)
                .is_some()
        })
    }

    /// The message for a user.
    pub(crate) fn write(&self, accepted: &Accepted<'_>, code: &Code) -> WrittenMessage<'_> {
        let written = self.text.written(accepted);
        let site = self.site.written(accepted).text;
        let text = filled(written.text, site, code.as_str());
        WrittenMessage {
            text: self.bound(&text, code.as_str()).unwrap_or(text),
            language: written.tag,
            site,
        }
    }

    /// The text with a last line that binds the code to the origin, if it fits (WICG, "Origin-bound
    /// one-time codes delivered via SMS").
    fn bound(&self, text: &str, code: &str) -> Option<String> {
        let bound = format!("{text}\n@{} #{code}", self.host);
        (bytes(&bound) <= MOST).then_some(bound)
    }

    /// Each text with each name, because they may be in different languages.
    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = self.text.versions();
        texts.flat_map(|text| self.site.versions().map(move |site| (text.text, site.text)))
    }
}

/// The texts of the layer. Some services send codes only with a word such as 인증 or `verif`.
fn built_in() -> Text {
    Text::en("[{site}] Verification code {code}. Do not share it.")
        .ko("[{site}] 인증번호 {code} 남에게 알려주지 마세요.")
}

/// The text with the code and the name.
fn filled(text: &str, site: &str, code: &str) -> String {
    text.trim_end().replace(CODE, code).replace(SITE, site)
}
