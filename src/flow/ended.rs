//! Stub: a list in memory, until the live revocations are here.

use std::sync::{Mutex, PoisonError};

use super::{Flow, Registered};
use crate::{
    clock::UnixTime,
    session::{Binding, Session},
};

/// A revocation that other replicas may not have got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotEverywhere;

#[derive(Debug, Default)]
pub(super) struct Ended {
    subjects: Mutex<Vec<(Binding, String, UnixTime)>>,
    sids: Mutex<Vec<(Binding, String)>>,
    known: Mutex<Vec<([u8; 16], String)>>,
}

impl Ended {
    pub(super) fn know(&self, session: &Session, sid: Option<String>) {
        if let Some(sid) = sid {
            lock(&self.known).push((session.id, sid));
        }
    }

    pub(super) fn has(&self, session: &Session) -> bool {
        let begun = UnixTime::from(session.user.authenticated_at);
        let subject = &*session.user.subject;
        lock(&self.subjects)
            .iter()
            .any(|(b, s, at)| *b == session.binding && s == subject && begun <= *at)
            || lock(&self.known).iter().any(|(id, sid)| {
                *id == session.id
                    && lock(&self.sids)
                        .iter()
                        .any(|(b, s)| *b == session.binding && s == sid)
            })
    }
}

fn lock<T>(list: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

#[allow(clippy::unused_async)]
impl Flow {
    /// Ends what a person has here, all sessions up to now.
    pub(super) async fn end_subject(
        &self,
        provider: &Registered,
        subject: &str,
    ) -> Result<(), NotEverywhere> {
        let now = self.config.clock.unix();
        lock(&self.stub.subjects).push((provider.binding, subject.to_owned(), now));
        Ok(())
    }

    /// Ends what belongs to one session at the provider (OpenID Connect `sid`).
    pub(super) async fn end_provider_session(
        &self,
        provider: &Registered,
        sid: &str,
    ) -> Result<(), NotEverywhere> {
        lock(&self.stub.sids).push((provider.binding, sid.to_owned()));
        Ok(())
    }
}
