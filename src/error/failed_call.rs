//! The failed call of a refusal, for the log only.

use std::{error::Error, fmt};

use super::{Mismatch, escaped};

/// The call that led to a refusal, as far as it is known. Each member is a field of the audit log.
/// [`AUDIT_TARGET`](crate::audit::AUDIT_TARGET) describes them.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct FailedCall {
    /// The name of the call, such as `token`.
    pub(crate) call: Option<&'static str>,
    /// The host that was called.
    pub(crate) host: Option<Box<str>>,
    /// The status of the answer. `None` if there was no answer.
    pub(crate) status: Option<u16>,
    /// The provider's name for the error, as the log quotes it.
    pub(crate) error: Option<String>,
    /// The provider's description of the error, as the log quotes it.
    pub(crate) description: Option<String>,
    /// The requested scopes, if the provider refused them.
    pub(crate) scope: Option<String>,
    /// The path of the called address, if the address is that of a public document. Other paths may
    /// contain secrets.
    pub(crate) path: Option<Box<str>>,
    /// The values of a check of the answer that failed. Boxed, because most calls have none.
    pub(crate) mismatch: Box<Mismatch>,
    /// The error of the client, followed by its causes.
    pub(crate) source: Option<ClientError>,
}

/// Hides the provider's texts, which only the audit log may show.
impl fmt::Debug for FailedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailedCall")
            .field("call", &self.call)
            .field("host", &self.host)
            .field("status", &self.status)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl FailedCall {
    /// This call, completed by `later`: all of it but the mismatch if this one names no call, host
    /// or status, and the mismatch if this one has none. A check can thus add a mismatch before the
    /// call is named.
    pub(super) fn or(self, later: Self) -> Self {
        let mismatch = match self.mismatch.is_empty() {
            true => later.mismatch.clone(),
            false => self.mismatch.clone(),
        };
        let has_place = self.call.is_some() || self.host.is_some() || self.status.is_some();
        let place = if has_place { self } else { later };
        Self { mismatch, ..place }
    }
}

/// The error of the HTTP client with its causes as one text, which is the `source` of the errors of
/// this crate.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ClientError(pub(crate) String);

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for ClientError {}

/// The error and the chain of its sources in one line, for an error of the application.
pub(super) fn with_sources(error: &(dyn Error + 'static)) -> String {
    let text = escaped(&without_queries(&error.to_string()));
    match sources(error) {
        Some(sources) if !text.contains(&sources) => format!("{text}: {sources}"),
        _ => text,
    }
}

/// The chain of sources in one line. The queries of addresses are removed, because they may contain
/// codes. `None` if the error has no source.
pub(crate) fn sources(error: &dyn Error) -> Option<String> {
    let mut chain: Vec<String> = Vec::new();
    let mut next = error.source();
    while let Some(source) = next {
        let text = escaped(&without_queries(&source.to_string()));
        // Many errors repeat the text of their source.
        if !chain.iter().any(|known| known.contains(&text)) {
            chain.push(text);
        }
        next = source.source();
    }
    (!chain.is_empty()).then(|| chain.join(": "))
}

/// The text, with `?...` in place of the query of each address.
fn without_queries(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace);
    words
        .map(|word| match word.split_once('?') {
            Some((address, _)) if address.contains("://") => format!("{address}?... "),
            _ => word.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug)]
    struct Layered(&'static str, Option<Box<dyn Error>>);

    impl fmt::Display for Layered {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Layered {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref()
        }
    }

    fn above(texts: &[&'static str]) -> Layered {
        let below = texts
            .iter()
            .rev()
            .fold(None, |below: Option<Box<dyn Error>>, text| {
                Some(Box::new(Layered(text, below)))
            });
        Layered("top", below)
    }

    #[test]
    fn the_chain_is_one_line_without_queries_and_repetitions() {
        for (texts, expected) in [
            (&["a", "b"][..], "a: b"),
            (&["a: b", "b"], "a: b"),
            (
                &["for https://x.example/t?code=secret now", "b\nc"],
                "for https://x.example/t?... now: b\\nc",
            ),
            (&["is it so?"], "is it so?"),
        ] {
            assert_eq!(sources(&above(texts)).unwrap(), expected);
        }
        assert_eq!(sources(&io::Error::from(io::ErrorKind::TimedOut)), None);
    }
}
