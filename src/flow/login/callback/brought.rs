//! The error that a callback states, for the log. Any client can write it.

use secrecy::ExposeSecret;

use crate::{
    error::{FailedCall, LoginError, LoginErrorKind, Sent, quoted},
    flow::{
        Registered,
        login::{callback_query::Said, pending::Pending},
    },
};

/// The refusal with the error that the browser brought. Without its pending sign-in less is known of what was sent.
pub(crate) fn told(
    error: LoginError,
    said: &Said,
    provider: &Registered,
    pending: Option<&Pending>,
) -> LoginError {
    let sent = sent(said, pending);
    let quote = |text: &Option<String>| quoted(text.as_deref()?, &sent);
    let asks_for_phone = pending.is_some_and(|pending| pending.round.asks_for_phone);
    let scope = || provider.dialect.scopes(asks_for_phone).join(" ");
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
