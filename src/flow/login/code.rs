//! The code of a callback, or the reason why there is none.

use secrecy::{ExposeSecret, SecretString};

use crate::{
    error::{FailedCall, LoginError, LoginErrorKind, Mismatch, ProviderError, Sent, quoted},
    flow::{
        Registered,
        login::{
            callback_query::{CallbackQuery, Outcome as Answer, SentError},
            error_name,
            pending::Pending,
        },
    },
};

/// The code, or the error that came for it. The issuer is checked first, so that an error of
/// another provider is not taken for this provider's.
pub(crate) fn code(
    provider: &Registered,
    query: &CallbackQuery,
    pending: &Pending,
) -> Result<SecretString, LoginError> {
    let described =
        |error: LoginError| with_sent_error(error, &query.sent_error, provider, Some(pending));
    check_issuer(provider, query).map_err(described)?;
    match &query.outcome {
        Answer::Code(code) => Ok(code.clone()),
        Answer::Error(error) => Err(described(error_name::refused(error).by_browser())),
        Answer::Expired => Err(described(error_name::expired().by_browser())),
    }
}

/// Refuses a wrong `iss`, and a missing one if the provider announces it (RFC 9207 section 2.4).
/// This stops mix-up attacks, in which one provider is given the code of another. An error without
/// `iss` passes, because no code can leak with it.
pub(crate) fn check_issuer(provider: &Registered, query: &CallbackQuery) -> Result<(), LoginError> {
    // The error names both issuers, by which an operator finds a wrong setting.
    let found = query.issuer.as_deref().unwrap_or("missing");
    let mismatch = || Mismatch::new(&provider.client.identity().issuer, found);
    let wrong = || LoginError::new(LoginErrorKind::IssuerMismatch);
    match (&query.issuer, &query.outcome) {
        (Some(sent), _) if !provider.client.is_issuer(sent) => Err(wrong().differing(mismatch())),
        (None, Answer::Code(_)) if provider.client.announces_issuer() => {
            Err(ProviderError::issuer_missing().differing(mismatch()).into())
        }
        _ => Ok(()),
    }
}

/// Adds the error of the callback's query to a refusal, for the log. Any client can write that
/// error, so the values that were sent are hidden in it. Without the pending sign-in fewer of them
/// are known.
pub(crate) fn with_sent_error(
    error: LoginError,
    sent_error: &SentError,
    provider: &Registered,
    pending: Option<&Pending>,
) -> LoginError {
    let sent = sent(sent_error, pending);
    let quote = |text: &Option<String>| quoted(text.as_deref()?, &sent);
    let asks_for_phone = pending.is_some_and(|pending| pending.attempt.asks_for_phone);
    let scope = || provider.client.scopes(asks_for_phone).join(" ");
    // The scopes help against `invalid_scope`. A user who cancelled needs no such hint.
    let is_about_request = sent_error.error.is_some() && error.kind() != LoginErrorKind::Cancelled;
    let scope = is_about_request.then(scope);
    error.in_call(FailedCall {
        call: Some("callback"),
        error: quote(&sent_error.error),
        description: quote(&sent_error.description),
        scope: scope.filter(|scope| !scope.is_empty()),
        ..FailedCall::default()
    })
}

/// The secret values of this sign-in, which the log must not show. A provider may quote them in its
/// texts.
fn sent(sent_error: &SentError, pending: Option<&Pending>) -> Sent {
    let mut sent = Sent::default();
    let of_query = sent_error
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
