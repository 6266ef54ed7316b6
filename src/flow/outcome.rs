//! What came of a callback.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue};

use super::{Flow, Registered, start};
use crate::{
    error::LoginError, pending::Round, reply::Reply, return_to::ReturnTo, session::Session,
};

/// What an entry takes beside its texts.
const ENTRY: usize = 512;

/// What came of a callback. It has no `Debug`: it holds cookies.
pub(super) enum Outcome {
    SignedIn(Arc<SignedIn>),
    /// The cookies belong to the answer.
    Refused(Box<LoginError>, Option<HeaderValue>),
    /// On to another page, or to the provider once more.
    Leads(Reply),
}

/// A session that began.
pub(super) struct SignedIn {
    pub(super) session: Session,
    pub(super) cookies: Vec<HeaderValue>,
    /// The ID token, for the provider's logout. An answer that has no room for it goes without.
    pub(super) hint: Option<HeaderValue>,
}

impl Outcome {
    pub(super) fn bytes(&self) -> usize {
        let texts = match self {
            Self::SignedIn(signed_in) => {
                let cookies = signed_in.cookies.iter().chain(&signed_in.hint);
                cookies.map(HeaderValue::len).sum()
            }
            Self::Refused(error, cookie) => {
                let said = error.denial();
                let said = said.map_or(0, |said| said.english().len() + said.korean().len());
                said + cookie.as_ref().map_or(0, HeaderValue::len)
            }
            Self::Leads(reply) => reply.header_bytes(),
        };
        texts + ENTRY
    }

    /// The line in the log is written here, once for all answers.
    pub(super) fn refused(flow: &Flow, provider: &Registered, error: LoginError) -> Self {
        flow.config.audit.refusal(Some(&provider.name), &error);
        Self::Refused(Box::new(error), None)
    }

    /// To the provider once more.
    pub(super) async fn once_more(
        flow: &Flow,
        provider: &Registered,
        place: &ReturnTo,
        round: Round,
        headers: &HeaderMap,
    ) -> Self {
        let about = start::About::Hinted(None);
        match start::away(flow, provider, place, round, about, headers).await {
            Ok(reply) => Self::Leads(reply),
            Err(error) => Self::refused(flow, provider, error),
        }
    }
}
