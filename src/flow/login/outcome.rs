//! The outcome of one callback, from which every reply to that callback is made.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::pending::AttemptKind;
use super::start;
use crate::flow::{Flow, Registered, phone::begin::Begun};
use crate::{
    error::LoginError,
    provider::refused::Refused,
    session::Session,
    web::{reply::Reply, return_to::ReturnTo},
};

/// The bytes that an entry takes in memory beside its texts, as an estimate.
const ENTRY: usize = 512;

/// The outcome of a callback. It has no `Debug`, because it holds cookies.
pub(crate) enum Outcome {
    /// A new session.
    SignedIn(Arc<SignedIn>),
    /// The sign-in or the check was refused.
    Refused(Box<Refusal>),
    /// A redirect to a page, or to the provider once more.
    Redirect(Reply),
    /// A redirect to the phone step.
    PhoneStep(Box<Begun>),
}

/// A refused sign-in or check.
pub(crate) struct Refusal {
    /// The error, with the reference that the log has as well.
    pub(crate) error: LoginError,
    /// The session cookie of a check, for the first answer alone.
    pub(crate) cookie: Option<HeaderValue>,
    /// The verified ID token of the refused account. With it, the provider signs the user out
    /// without asking. `None` if the provider sent none, or the refusal came before it was
    /// verified.
    pub(crate) id_token: Option<SecretString>,
}

impl From<LoginError> for Refusal {
    fn from(error: LoginError) -> Self {
        Self {
            error,
            cookie: None,
            id_token: None,
        }
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self {
            id_token: refused.id_token,
            ..LoginError::from(refused.error).into()
        }
    }
}

/// A session that a sign-in began. It is shared between the table of outcomes and the callbacks
/// that wait.
pub(crate) struct SignedIn {
    /// The session, which may be revoked while the outcome is kept.
    pub(crate) session: Session,
    /// The session's cookie, and the one that remembers the provider.
    pub(crate) cookies: Vec<HeaderValue>,
    /// The cookie with the ID token, for the provider's sign-out. It is left out of an answer that
    /// would grow too long.
    pub(crate) hint: Option<HeaderValue>,
}

impl Outcome {
    /// The bytes that the outcome takes in memory. The sum bounds the memory of all outcomes
    /// (`outcomes.rs`).
    pub(crate) fn bytes(&self) -> usize {
        let texts = match self {
            Self::SignedIn(signed_in) => {
                let cookies = signed_in.cookies.iter().chain(&signed_in.hint);
                cookies.map(HeaderValue::len).sum()
            }
            Self::Refused(refusal) => {
                let said = refusal.error.denial();
                let said = said.map_or(0, |said| said.text().bytes());
                let token = refusal.id_token.as_ref();
                let token = token.map_or(0, |token| token.expose_secret().len());
                said + token + refusal.cookie.as_ref().map_or(0, HeaderValue::len)
            }
            Self::Redirect(reply) => reply.header_bytes(),
            Self::PhoneStep(begun) => begun.bytes(),
        };
        texts + ENTRY
    }

    /// A refusal. Its line in the log is written here, once for all answers that give it out.
    pub(crate) fn refused(flow: &Flow, provider: &Registered, refusal: impl Into<Refusal>) -> Self {
        let refusal = refusal.into();
        let error = &refusal.error;
        flow.config.audit.refusal(Some(&provider.name), error);
        Self::Refused(Box::new(refusal))
    }

    /// A second redirect to the provider, such as for the missing consent. If the provider's
    /// address cannot be made, the outcome is that error.
    pub(crate) async fn once_more(
        flow: &Flow,
        provider: &Registered,
        place: &ReturnTo,
        attempt: AttemptKind,
        headers: &HeaderMap,
    ) -> Self {
        let about = start::About::Hinted(None);
        match start::to_provider(flow, provider, place, attempt, about, headers).await {
            Ok(reply) => Self::Redirect(reply),
            Err(error) => Self::refused(flow, provider, error),
        }
    }
}
