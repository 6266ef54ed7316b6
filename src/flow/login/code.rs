//! The code of a callback, or the reason that there is none.

use secrecy::{ExposeSecret, SecretString};

use crate::{
    error::{FailedCall, LoginError, LoginErrorKind, Mismatch, Sent, quoted},
    flow::{
        Registered,
        login::{
            callback_query::{CallbackQuery, Outcome as Answer, Said},
            error_name,
            pending::Pending,
        },
    },
};

/// The code of the callback, or the error that stands in its place.
pub(crate) fn code(
    provider: &Registered,
    query: &CallbackQuery,
    pending: &Pending,
) -> Result<SecretString, LoginError> {
    let described =
        |error: LoginError| with_sent_error(error, &query.said, provider, Some(pending));
    check_issuer(provider, query).map_err(described)?;
    match &query.outcome {
        Answer::Code(code) => Ok(code.clone()),
        Answer::Error(error) => Err(described(error_name::refused(error).by_browser())),
        Answer::Expired => Err(described(error_name::expired().by_browser())),
    }
}

/// RFC 9207 section 2.4: a wrong `iss` is refused, and so is a missing one where the provider announced it.
pub(crate) fn check_issuer(provider: &Registered, query: &CallbackQuery) -> Result<(), LoginError> {
    let found = query.issuer.as_deref().unwrap_or("missing");
    let mismatch = || Mismatch::new(&provider.client.identity().issuer, found);
    let wrong = || LoginError::new(LoginErrorKind::IssuerMismatch).by_browser();
    match (&query.issuer, &query.outcome) {
        (Some(sent), _) if !provider.client.is_issuer(sent) => Err(wrong().differing(mismatch())),
        (None, Answer::Code(_)) if provider.client.announces_issuer() => {
            Err(LoginError::issuer_missing().differing(mismatch()))
        }
        _ => Ok(()),
    }
}

/// The refusal with the error of the callback's query, for the log. Any client can write that error. Without the pending
/// sign-in, fewer of the values that were sent are known and hidden.
pub(crate) fn with_sent_error(
    error: LoginError,
    said: &Said,
    provider: &Registered,
    pending: Option<&Pending>,
) -> LoginError {
    let sent = sent(said, pending);
    let quote = |text: &Option<String>| quoted(text.as_deref()?, &sent);
    let asks_for_phone = pending.is_some_and(|pending| pending.attempt.asks_for_phone);
    let scope = || provider.client.scopes(asks_for_phone).join(" ");
    let is_about_request = said.error.is_some() && error.kind() != LoginErrorKind::Cancelled;
    let scope = is_about_request.then(scope);
    error.in_call(FailedCall {
        call: Some("callback"),
        error: quote(&said.error),
        description: quote(&said.description),
        scope: scope.filter(|scope| !scope.is_empty()),
        ..FailedCall::default()
    })
}

fn sent(said: &Said, pending: Option<&Pending>) -> Sent {
    let mut sent = Sent::default();
    let of_query = said
        .secrets
        .iter()
        .map(|(name, value)| (*name, value.expose_secret()));
    of_query.for_each(|(name, value)| sent.add(name, value));
    if let Some(pending) = pending {
        sent.add("state", &pending.state);
        sent.add("nonce", &pending.nonce);
        sent.add("code_verifier", pending.code_verifier.expose_secret());
    }
    sent
}
