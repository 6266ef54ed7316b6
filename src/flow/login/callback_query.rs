//! The callback's parameters (RFC 6749 sections 4.1.2 and 4.1.2.1).

use secrecy::SecretString;

/// What came back from the provider, read but not believed.
#[derive(Debug)]
pub(crate) struct CallbackQuery {
    pub(crate) state: String,
    pub(crate) outcome: Outcome,
    /// RFC 9207.
    pub(crate) issuer: Option<String>,
    pub(crate) said: Said,
}

/// What an error says of itself. Any site can write it: it is for the log alone.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) error: Option<String>,
    pub(crate) description: Option<String>,
    /// The codes and states beside it.
    pub(crate) secrets: Vec<(&'static str, SecretString)>,
}

#[derive(Debug)]
pub(crate) enum Outcome {
    Code(SecretString),
    /// The error's name.
    Error(String),
    /// The sign-in page was left open too long.
    Expired,
}

/// Keycloak's words for a sign-in page that was left open too long: asking again at once is right.
pub(crate) const EXPIRED: &str = "authentication_expired";

impl CallbackQuery {
    /// None if a parameter is missing, repeated (RFC 6749 section 3.1) or not of its form.
    pub(crate) fn parse(query: Option<&str>) -> Option<Self> {
        let query = query?;
        let [state, code, error, issuer] = read(query)?;
        // An error wins over a code that came with it.
        let outcome = match (error, code) {
            (Some(error), _) if is_expired(&error, query) => Outcome::Expired,
            (Some(error), _) => Outcome::Error(visible(error)?),
            (None, Some(code)) => Outcome::Code(visible(code)?.into()),
            (None, None) => return None,
        };
        Some(Self {
            state: visible(state?)?,
            outcome,
            issuer,
            said: Said::by(query),
        })
    }

    /// The name of an error that came without its state. RFC 6749 section 4.1.2.1 requires the state, and an error without
    /// it lets no user in.
    pub(crate) fn error_alone(query: Option<&str>) -> Option<String> {
        let [state, _, error, _] = read(query?)?;
        let is_alone = state.is_none_or(|state| state.is_empty());
        error.filter(|_| is_alone).and_then(visible)
    }
}

impl Said {
    /// The first of each, whatever its form.
    pub(crate) fn by(query: &str) -> Self {
        let mut said = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "error" => {
                    said.error.get_or_insert_with(|| value.into_owned());
                }
                "error_description" => {
                    said.description.get_or_insert_with(|| value.into_owned());
                }
                "code" => said.secrets.push(("code", value.into_owned().into())),
                "state" => said.secrets.push(("state", value.into_owned().into())),
                _ => {}
            }
        }
        said
    }
}

/// State, code, error and issuer; none if one of them stands there twice.
fn read(query: &str) -> Option<[Option<String>; 4]> {
    let mut known: [Option<String>; 4] = [None, None, None, None];
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let index = ["state", "code", "error", "iss"]
            .iter()
            .position(|known| *known == name);
        if let Some(slot) = index.and_then(|index| known.get_mut(index))
            && slot.replace(value.into_owned()).is_some()
        {
            return None;
        }
    }
    Some(known)
}

/// The one description that is read, and only compared.
fn is_expired(error: &str, query: &str) -> bool {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    error == "temporarily_unavailable"
        && pairs.any(|(name, value)| name == "error_description" && value == EXPIRED)
}

/// Appendix A: state, code and error are one or more visible characters.
fn visible(text: String) -> Option<String> {
    let fits = (1..=4096).contains(&text.len()) && text.bytes().all(|b| (b' '..=b'~').contains(&b));
    fits.then_some(text)
}
