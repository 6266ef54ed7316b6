//! The parameters of a callback (RFC 6749 sections 4.1.2 and 4.1.2.1).
//!
//! Any site can send a browser here with any parameters, so reading them proves nothing. The
//! pending cookie proves that this browser began the sign-in.
//!
//! | parameters | result |
//! |---|---|
//! | `state` and `code` | [`Outcome::Code`] |
//! | `state` and `error` | [`Outcome::Error`], also if there is a `code` |
//! | `state` and Keycloak's error for an expired page | [`Outcome::Expired`] |
//! | `error` alone | `None`, and a name from `error_alone` |
//! | anything else | `None` |

use secrecy::SecretString;

use crate::provider::CallbackParameters;

/// The parameters of a callback, read and not verified.
#[derive(Debug)]
pub(crate) struct CallbackQuery {
    /// The `state` of the authorization request. The pending cookie is named after it.
    pub(crate) state: String,
    /// The code, or the error that stands for it.
    pub(crate) outcome: Outcome,
    /// The `iss` parameter (RFC 9207). `None` if the provider does not send it, which is common.
    pub(crate) issuer: Option<String>,
    /// All parameters, for a provider whose protocol has further ones.
    pub(crate) parameters: CallbackParameters,
    /// The error's own texts, for the log.
    pub(crate) sent_error: SentError,
}

/// The texts of an error. Any site can write them, so they are for the log alone.
#[derive(Debug, Default)]
pub(crate) struct SentError {
    /// The parameter `error`.
    pub(crate) error: Option<String>,
    /// The parameter `error_description`.
    pub(crate) description: Option<String>,
    /// The codes and states beside the error, which are hidden in the log if the texts repeat
    /// them.
    pub(crate) secrets: Vec<(&'static str, SecretString)>,
}

/// The result that the provider sent.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The code, which is good for one exchange.
    Code(SecretString),
    /// The error's name. It is checked for visible characters only, and may be any text.
    Error(String),
    /// The provider's sign-in page was left open too long.
    Expired,
}

/// Keycloak's error description for a sign-in page that was left open too long. The provider can
/// be asked again at once.
pub(crate) const EXPIRED: &str = "authentication_expired";

impl CallbackQuery {
    /// Reads the query of a callback. The result is `None` if a parameter is missing, repeated
    /// (RFC 6749 section 3.1) or malformed.
    pub(crate) fn parse(query: Option<&str>) -> Option<Self> {
        let parameters = CallbackParameters::read(query?);
        // Other parameters are ignored (RFC 6749 section 4.1.2), such as `scope` of Google.
        let [state, code, error, issuer] = read(&parameters)?;
        // An error counts before a code that came with it.
        let outcome = match (error, code) {
            (Some(error), _) if is_expired(error, &parameters) => Outcome::Expired,
            (Some(error), _) => Outcome::Error(visible(error)?),
            (None, Some(code)) => Outcome::Code(visible(code)?.into()),
            (None, None) => return None,
        };
        Some(Self {
            state: visible(state?)?,
            outcome,
            issuer: issuer.map(str::to_owned),
            sent_error: SentError::read(&parameters),
            parameters,
        })
    }

    /// The name of an error without a `state`. RFC 6749 section 4.1.2.1 requires the `state`, but
    /// some providers leave it out. The error lets no user in, so it can be shown.
    pub(crate) fn error_alone(query: Option<&str>) -> Option<String> {
        let parameters = CallbackParameters::read(query?);
        let [state, _, error, _] = read(&parameters)?;
        let is_alone = state.is_none_or(str::is_empty);
        error.filter(|_| is_alone).and_then(visible)
    }
}

impl SentError {
    /// Reads the first of each parameter, whatever its form. The log is the only reader, so a
    /// repeated or malformed parameter is no reason to leave the others out.
    pub(crate) fn read(parameters: &CallbackParameters) -> Self {
        let mut sent_error = Self::default();
        let secrets = &mut sent_error.secrets;
        for (name, value) in parameters.pairs() {
            match name {
                "error" => {
                    sent_error.error.get_or_insert_with(|| value.to_owned());
                }
                "error_description" => {
                    sent_error
                        .description
                        .get_or_insert_with(|| value.to_owned());
                }
                "code" => secrets.push(("code", value.into())),
                "state" => secrets.push(("state", value.into())),
                _ => {}
            }
        }
        sent_error
    }
}

/// The values of `state`, `code`, `error` and `iss`, or `None` if one of them is repeated. Two
/// readers could take different values of a repeated parameter.
fn read(parameters: &CallbackParameters) -> Option<[Option<&str>; 4]> {
    let mut known = [None; 4];
    for (name, value) in parameters.pairs() {
        let index = ["state", "code", "error", "iss"]
            .iter()
            .position(|known| *known == name);
        if let Some(slot) = index.and_then(|index| known.get_mut(index))
            && slot.replace(value).is_some()
        {
            return None;
        }
    }
    Some(known)
}

/// Whether the error is Keycloak's for an expired page. No other description is read.
fn is_expired(error: &str, parameters: &CallbackParameters) -> bool {
    let mut pairs = parameters.pairs();
    error == "temporarily_unavailable"
        && pairs.any(|(name, value)| name == "error_description" && value == EXPIRED)
}

/// The text, if it is one or more visible ASCII characters (RFC 6749 appendix A). The length is
/// limited, because a state is hashed and an error may be logged.
fn visible(text: &str) -> Option<String> {
    let fits = (1..=4096).contains(&text.len()) && text.bytes().all(|b| (b' '..=b'~').contains(&b));
    fits.then(|| text.to_owned())
}
