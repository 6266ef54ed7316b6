//! Additional parameters of authorization requests: the setting `authorize_with`.
//!
//! The crate's own parameters replace those of the application. The hint of a sign-in link counts
//! as one of them. The one exception is `prompt` at a provider that reads it as a list (OpenID
//! Connect Core section 3.1.2.1), where both values are joined.

use std::borrow::Cow;

use super::AuthorizationRequest;
use crate::error::ConfigError;

/// Parameters that this crate sends itself. `authorize_with` refuses them, because a second value
/// could weaken the checks of the callback.
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

/// Parameters of the token endpoint. The URL of an authorization request must not hold a secret
/// (RFC 6749 section 2.3.1).
const SECRET: [&str; 4] = [
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "code_verifier",
];

/// The longest value, in bytes. Some servers refuse longer URLs, and the whole request is one URL.
const LONGEST_VALUE: usize = 1024;
/// The longest name, in bytes.
const LONGEST_NAME: usize = 64;

/// The parameters of a request beyond those that the crate `oauth2` sets, by name.
pub(super) type Extra<'a> = Vec<(&'a str, Cow<'a, str>)>;

/// The application's parameters, in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Adds a parameter. It is checked later, when the layer is built.
    pub(super) fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Refuses reserved, repeated and malformed parameters. The error names the first one.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        for (index, (name, value)) in self.0.iter().enumerate() {
            let earlier = self.0.iter().take(index);
            let is_twice = earlier.into_iter().any(|(known, _)| known == name);
            // The name comes first, because the error about the value shows it.
            check_name(name)?;
            check_value(name, value)?;
            // RFC 6749 section 3.1 allows each parameter once. RFC 8707 section 2 makes an
            // exception for `resource`.
            if is_twice && name != "resource" {
                let problem = format!("{name:?} is given twice");
                return Err(wrong(problem, "give each parameter once"));
            }
        }
        Ok(())
    }

    /// All additional parameters of a request. `own` are those that this sign-in needs. A parameter
    /// of the application with the same name is left out.
    pub(super) fn beside<'a>(
        &'a self,
        own: &[(&'a str, &'a str)],
        attempt: &AuthorizationRequest<'a>,
    ) -> Extra<'a> {
        let own = own.iter().map(|(name, value)| (*name, (*value).into()));
        self.after(own.collect(), attempt)
    }

    /// As [`beside`](Self::beside), at a provider whose `prompt` is a list. Its value then holds
    /// the words of both (OpenID Connect Core section 3.1.2.1).
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

    /// Appends the hint of the sign-in link and the application's parameters, as far as `extra` has
    /// none of that name.
    fn after<'a>(&'a self, mut extra: Extra<'a>, attempt: &AuthorizationRequest<'a>) -> Extra<'a> {
        let hint = attempt.login_hint.map(|hint| ("login_hint", hint.into()));
        // The layer's own hint of a recheck names the user whose session is checked, so it stays.
        extra.extend(hint.filter(|(hint, _)| extra.iter().all(|(name, _)| name != hint)));
        // Only the crate's own parameters replace the application's. The application's may repeat
        // `resource`.
        let own_count = extra.len();
        for (name, value) in &self.0 {
            let is_taken = extra.iter().take(own_count).any(|(known, _)| known == name);
            // The provider answered that it must show a page (`login_required` and similar errors),
            // so the second request must permit one.
            let forbids_page = attempt.retried && name == "prompt" && value == NO_PAGE;
            if !is_taken && !forbids_page {
                extra.push((name, value.into()));
            }
        }
        extra
    }

    /// The words of `own` and of the application's `prompt`, each once. `none` is never combined
    /// with another word, which Core section 3.1.2.1 makes an error.
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

/// The word of `prompt` that asks for a response without a page.
const NO_PAGE: &str = "none";

/// Refuses a name that is malformed, reserved, or a secret's.
fn check_name(name: &str) -> Result<(), ConfigError> {
    if name.is_empty() {
        return Err(wrong("a parameter without a name", "name it"));
    }
    if name.len() > LONGEST_NAME || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
        let problem = format!("{name:?} is not the name of a parameter");
        let remedy = "give up to 64 visible characters of ASCII";
        return Err(wrong(problem, remedy));
    }
    let read = as_read(name);
    if OWN.contains(&read.as_str()) {
        let problem = format!("{name:?} is sent by the protocol itself");
        return Err(wrong(problem, "leave it out; see the settings for it"));
    }
    if SECRET.contains(&read.as_str()) {
        let problem = format!("{name:?} is for the token endpoint, and must not be in a URL");
        return Err(wrong(problem, "leave it out"));
    }
    Ok(())
}

/// The name as a lenient server may read it: in lower case, without a bracketed index, and with
/// dots as underscores. PHP, for example, reads brackets and dots in this way. A reserved name in
/// such a notation is refused as well.
fn as_read(name: &str) -> String {
    let name = name.split('[').next().unwrap_or_default();
    name.to_ascii_lowercase().replace('.', "_")
}

/// Refuses a value that is too long, has control characters, or contradicts itself.
fn check_value(name: &str, value: &str) -> Result<(), ConfigError> {
    if value.len() > LONGEST_VALUE || value.chars().any(char::is_control) {
        let problem = format!("the value of {name:?} is too long, or has control characters");
        let remedy = "give up to 1024 bytes without line breaks";
        return Err(wrong(problem, remedy));
    }
    if name == "prompt" && value.split(' ').count() > 1 && value.split(' ').any(|w| w == NO_PAGE) {
        let problem = format!("prompt={value:?} asks for no page and for a page");
        return Err(wrong(problem, "give \"none\" alone, or leave it out"));
    }
    Ok(())
}

/// An error of the setting `authorize_with`.
fn wrong(problem: impl Into<String>, remedy: &str) -> ConfigError {
    ConfigError::new("authorize_with", problem, remedy)
}
