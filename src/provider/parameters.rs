//! Further parameters of authorization requests, as the application sets them.

use std::borrow::Cow;

use super::AuthorizationRequest;
use crate::error::ConfigError;

/// What this crate sends itself, in every authorization request or where a setting of its own says so.
const OWN: [&str; 13] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "claims",
    "max_age",
    "request",
    "request_uri",
];

/// What is for the token endpoint alone: the address of a page is no place for a secret (RFC 6749 section 2.3.1).
const SECRET: [&str; 4] = [
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "code_verifier",
];

/// An address longer than this is refused by some servers.
const LONGEST_VALUE: usize = 1024;
const LONGEST_NAME: usize = 64;

/// What is sent beside the protocol's own parameters.
pub(super) type Extra<'a> = Vec<(&'a str, Cow<'a, str>)>;

/// Names and values in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        for (index, (name, value)) in self.0.iter().enumerate() {
            let earlier = self.0.iter().take(index);
            let is_twice = earlier.into_iter().any(|(known, _)| known == name);
            check_name(name)?;
            check_value(name, value)?;
            // RFC 6749 section 3.1: each once. RFC 8707 section 2 excepts its own.
            if is_twice && name != "resource" {
                let problem = format!("{name:?} is given twice");
                return Err(wrong(problem, "give each parameter once"));
            }
        }
        Ok(())
    }

    /// All that is sent beside the protocol's parameters: `own` is what this sign-in itself needs, and goes before what the
    /// application set.
    pub(super) fn beside<'a>(
        &'a self,
        own: &[(&'a str, &'a str)],
        attempt: &AuthorizationRequest<'a>,
    ) -> Extra<'a> {
        let own = own.iter().map(|(name, value)| (*name, (*value).into()));
        self.after(own.collect(), attempt)
    }

    /// The same at a provider whose `prompt` is a list (OpenID Connect Core section 3.1.2.1): it has both.
    pub(super) fn joined<'a>(
        &'a self,
        own: &[(&'a str, &'a str)],
        attempt: &AuthorizationRequest<'a>,
    ) -> Extra<'a> {
        let own = own.iter().map(|(name, value)| match *name {
            "prompt" => (*name, self.prompt(value)),
            name => (name, (*value).into()),
        });
        self.after(own.collect(), attempt)
    }

    fn after<'a>(&'a self, mut extra: Extra<'a>, attempt: &AuthorizationRequest<'a>) -> Extra<'a> {
        let hint = attempt.login_hint.map(|hint| ("login_hint", hint.into()));
        extra.extend(hint.filter(|(hint, _)| extra.iter().all(|(name, _)| name != hint)));
        let taken = extra.len();
        for (name, value) in &self.0 {
            let is_taken = extra.iter().take(taken).any(|(known, _)| known == name);
            // The provider said that it must show a page: it may now.
            let is_over = attempt.retried && name == "prompt" && value == NO_PAGE;
            if !is_taken && !is_over {
                extra.push((name, value.into()));
            }
        }
        extra
    }

    /// `own` and the application's, each word once. That no page be shown stands alone, and is a thing of one request.
    fn prompt<'a>(&'a self, own: &'a str) -> Cow<'a, str> {
        let mut given = self.0.iter().filter(|(name, _)| name == "prompt");
        let Some((_, given)) = given.next().filter(|_| own != NO_PAGE) else {
            return own.into();
        };
        let mut words: Vec<&str> = own.split(' ').collect();
        for word in given.split(' ') {
            if !word.is_empty() && word != NO_PAGE && !words.contains(&word) {
                words.push(word);
            }
        }
        words.join(" ").into()
    }
}

const NO_PAGE: &str = "none";

fn check_name(name: &str) -> Result<(), ConfigError> {
    if name.is_empty() {
        return Err(wrong("a parameter without a name", "name it"));
    }
    if name.len() > LONGEST_NAME || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
        let problem = format!("{name:?} is no name of a parameter");
        let remedy = "give up to 64 visible characters of ASCII";
        return Err(wrong(problem, remedy));
    }
    let read = as_read(name);
    if OWN.contains(&read.as_str()) {
        let problem = format!("{name:?} is sent by the protocol itself");
        return Err(wrong(problem, "leave it out; see the settings for it"));
    }
    if SECRET.contains(&read.as_str()) {
        let problem =
            format!("{name:?} is for the token endpoint, and no page's address may hold it");
        return Err(wrong(problem, "leave it out"));
    }
    Ok(())
}

/// The name as a lenient server may read it: in any case, up to a bracket, and with dots for underscores.
fn as_read(name: &str) -> String {
    let name = name.split('[').next().unwrap_or_default();
    name.to_ascii_lowercase().replace('.', "_")
}

fn check_value(name: &str, value: &str) -> Result<(), ConfigError> {
    if value.len() > LONGEST_VALUE || value.chars().any(char::is_control) {
        let problem = format!("the value of {name:?} is too long, or has control characters");
        let remedy = "give up to 1024 bytes without line breaks";
        return Err(wrong(problem, remedy));
    }
    if name == "prompt" && value.split(' ').count() > 1 && value.split(' ').any(|w| w == NO_PAGE) {
        let problem = format!("prompt={value:?} asks for no page and for one");
        return Err(wrong(problem, "give \"none\" alone, or leave it out"));
    }
    Ok(())
}

fn wrong(problem: impl Into<String>, remedy: &str) -> ConfigError {
    ConfigError::new("authorize_with", problem, remedy)
}
