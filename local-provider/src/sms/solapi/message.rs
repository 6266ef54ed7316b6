//! One message of a request.

use serde_json::Value;

use crate::{
    sms::euc_kr,
    state::{State, inbox::Sms},
};

/// A message that Solapi answers with 400.
pub(super) struct Malformed(pub(super) &'static str);

/// Solapi's `statusCode` for a message, with its text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) code: &'static str,
    pub(super) text: &'static str,
}

impl Outcome {
    pub(super) const ACCEPTED: Self = Self::new("2000", "정상 접수(이통사로 접수 예정)");
    const FORMAT: Self = Self::new("1011", "format of the number");
    const CHARACTERS: Self = Self::new("1029", "a character is not in EUC-KR");
    const LENGTH: Self = Self::new("1031", "the text is too long");
    const SENDER: Self = Self::new("1062", "the sender number is not registered");

    const fn new(code: &'static str, text: &'static str) -> Self {
        Self { code, text }
    }
}

/// Takes a message, and adds it to the inbox if it is right.
pub(super) fn take(state: &mut State, message: &Value) -> Result<Outcome, Malformed> {
    let to = digits(&message["to"]).ok_or(Malformed("to has other characters than digits"))?;
    let from =
        digits(&message["from"]).ok_or(Malformed("from has other characters than digits"))?;
    let country = match message.get("country") {
        None => "82",
        Some(country) => digits(country).ok_or(Malformed("country is not digits"))?,
    };
    let (kind, text) = match message["kakaoOptions"].as_object() {
        Some(options) => ("ATA", alimtalk(options).ok_or(Malformed("kakaoOptions"))?),
        None => written(message)?,
    };
    let Some(to) = e164(country, to) else {
        return Ok(Outcome::FORMAT);
    };
    if !state
        .settings
        .sms
        .senders
        .iter()
        .any(|sender| sender == from)
    {
        return Ok(Outcome::SENDER);
    }
    let Some(length) = euc_kr::length(&text) else {
        return Ok(Outcome::CHARACTERS);
    };
    if length > if kind == "SMS" { 90 } else { 2_000 } {
        return Ok(Outcome::LENGTH);
    }
    let from = from.to_owned();
    state.inbox.push(Sms {
        to,
        from,
        kind,
        text,
    });
    Ok(Outcome::ACCEPTED)
}

/// The kind and the text of a message. Without a `type`, the length decides.
fn written(message: &Value) -> Result<(&'static str, String), Malformed> {
    let text = message["text"].as_str().filter(|text| !text.is_empty());
    let text = text.ok_or(Malformed("text is missing"))?;
    let kind = match message.get("type").map(Value::as_str) {
        None if euc_kr::length(text).is_some_and(|length| length > 90) => "LMS",
        None | Some(Some("SMS")) => "SMS",
        Some(Some("LMS")) => "LMS",
        Some(_) => return Err(Malformed("type is not known")),
    };
    Ok((kind, text.to_owned()))
}

/// The text of an AlimTalk message: the template and the values of its variables. `None` if a
/// member is missing, if a variable is no text, or if its name is not written as `#{name}`.
fn alimtalk(options: &serde_json::Map<String, Value>) -> Option<String> {
    options.get("pfId")?.as_str()?;
    let mut text = options.get("templateId")?.as_str()?.to_owned();
    let none = serde_json::Map::new();
    let variables = match options.get("variables") {
        None => &none,
        Some(variables) => variables.as_object()?,
    };
    for (name, value) in variables {
        let is_name = name.starts_with("#{") && name.ends_with('}') && !name.contains('.');
        let value = value.as_str().filter(|_| is_name)?;
        text.push_str(&format!("\n{name} {value}"));
    }
    Some(text)
}

/// A text of digits alone. Solapi takes neither a plus sign nor hyphens.
fn digits(value: &Value) -> Option<&str> {
    let text = value.as_str()?;
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// The number in E.164. A Korean one has its zero and 10 or 11 digits in all.
fn e164(country: &str, national: &str) -> Option<String> {
    if country != "82" {
        return Some(format!("+{country}{national}"));
    }
    let significant = national.strip_prefix('0')?;
    let is_right = (9..=10).contains(&significant.len()) && !significant.starts_with('0');
    is_right.then(|| format!("+82{significant}"))
}
