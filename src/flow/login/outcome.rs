//! The outcome of a callback.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use super::pending::AttemptKind;
use super::start;
use crate::flow::{Flow, Registered};
use crate::{
    error::LoginError,
    provider::refused::Refused,
    session::Session,
    web::{reply::Reply, return_to::ReturnTo},
};

/// Bytes of an entry beside its texts.
const ENTRY: usize = 512;

/// The outcome of a callback. It has no `Debug`, as it holds cookies.
pub(crate) enum Outcome {
    SignedIn(Arc<SignedIn>),
    Refused(Box<Refusal>),
    /// On to another page, or to the provider once more.
    Leads(Reply),
}

pub(crate) struct Refusal {
    pub(crate) error: LoginError,
    /// The session cookie after a check, for the first answer.
    pub(crate) cookie: Option<HeaderValue>,
    /// The verified ID token of the refused account.
    pub(crate) id_token: Option<SecretString>,
}

/// A session that began.
pub(crate) struct SignedIn {
    pub(crate) session: Session,
    pub(crate) cookies: Vec<HeaderValue>,
    /// The ID token, for the provider's logout. It is left out of an answer that would grow too long.
    pub(crate) hint: Option<HeaderValue>,
}

impl Outcome {
    pub(crate) fn bytes(&self) -> usize {
        let texts = match self {
            Self::SignedIn(signed_in) => {
                let cookies = signed_in.cookies.iter().chain(&signed_in.hint);
                cookies.map(HeaderValue::len).sum()
            }
            Self::Refused(refusal) => {
                let said = refusal.error.denial();
                let said = said.map_or(0, |said| said.english().len() + said.korean().len());
                let token = refusal.id_token.as_ref();
                let token = token.map_or(0, |token| token.expose_secret().len());
                said + token + refusal.cookie.as_ref().map_or(0, HeaderValue::len)
            }
            Self::Leads(reply) => reply.header_bytes(),
        };
        texts + ENTRY
    }

    /// The line in the log is written here, once for all answers.
    pub(crate) fn refused(flow: &Flow, provider: &Registered, refused: impl Into<Refused>) -> Self {
        let Refused { error, id_token } = refused.into();
        flow.config.audit.refusal(Some(&provider.name), &error);
        Self::Refused(Box::new(Refusal {
            error,
            cookie: None,
            id_token,
        }))
    }

    /// To the provider once more.
    pub(crate) async fn once_more(
        flow: &Flow,
        provider: &Registered,
        place: &ReturnTo,
        attempt: AttemptKind,
        headers: &HeaderMap,
    ) -> Self {
        let about = start::About::Hinted(None);
        match start::away(flow, provider, place, attempt, about, headers).await {
            Ok(reply) => Self::Leads(reply),
            Err(error) => Self::refused(flow, provider, error),
        }
    }
}
