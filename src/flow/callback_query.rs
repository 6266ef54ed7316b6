//! The callback's parameters (RFC 6749 sections 4.1.2 and 4.1.2.1).

use secrecy::SecretString;

/// What came back from the provider, read but not believed.
#[derive(Debug)]
pub(super) struct CallbackQuery {
    pub(super) state: String,
    pub(super) outcome: Outcome,
    /// RFC 9207.
    pub(super) issuer: Option<String>,
}

#[derive(Debug)]
pub(super) enum Outcome {
    Code(SecretString),
    /// The error's name. Its description is anybody's text, and is not read.
    Error(String),
}

impl CallbackQuery {
    /// None if a parameter is missing, repeated (RFC 6749 section 3.1) or not of its form.
    pub(super) fn parse(query: Option<&str>) -> Option<Self> {
        let mut known: [Option<String>; 4] = [None, None, None, None];
        for (name, value) in form_urlencoded::parse(query?.as_bytes()) {
            let index = ["state", "code", "error", "iss"]
                .iter()
                .position(|known| *known == name);
            if let Some(slot) = index.and_then(|index| known.get_mut(index))
                && slot.replace(value.into_owned()).is_some()
            {
                return None;
            }
        }
        let [state, code, error, issuer] = known;
        // An error wins over a code that came with it.
        let outcome = match (error, code) {
            (Some(error), _) => Outcome::Error(visible(error)?),
            (None, Some(code)) => Outcome::Code(visible(code)?.into()),
            (None, None) => return None,
        };
        Some(Self {
            state: visible(state?)?,
            outcome,
            issuer,
        })
    }
}

/// Appendix A: state, code and error are one or more visible characters.
fn visible(text: String) -> Option<String> {
    let fits = (1..=4096).contains(&text.len()) && text.bytes().all(|b| (b' '..=b'~').contains(&b));
    fits.then_some(text)
}
