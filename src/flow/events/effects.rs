//! The effects of an event on sessions and on the application.
//!
//! One event can have several effects. Each is carried out even if another failed, because the
//! provider may not send the event again.

use futures_util::future::join;

use crate::{
    audit::ReportEffect,
    clock::UnixTime,
    flow::{Flow, Registered},
    hooks::Unlink,
    provider::event::EventEffect,
    revocation::NotEverywhere,
};

/// The parts of an event that were done.
#[derive(Clone, Copy)]
pub(crate) struct Done {
    /// The revocations were published.
    pub(crate) ended: bool,
    /// The application's hook succeeded, or there was nothing for it.
    pub(crate) hooked: bool,
}

impl Done {
    /// The value for no effects, with which the sum begins.
    pub(crate) const ALL: Self = Self {
        ended: true,
        hooked: true,
    };

    /// The parts that were done for both effects.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            ended: self.ended && other.ended,
            hooked: self.hooked && other.hooked,
        }
    }
}

/// Carries out one effect of an event. `at` is the provider's time of the event. With
/// `hook_ran_before`, the hook of an earlier try has succeeded, and only the revocations are
/// repeated. Effects without a hook count as hooked.
pub(crate) async fn act(
    flow: &Flow,
    provider: &Registered,
    effect: &EventEffect,
    at: Option<UnixTime>,
    hook_ran_before: bool,
) -> Done {
    let name = &*provider.name;
    let (ended, hooked) = match effect {
        EventEffect::SubjectEnded(subject) => (flow.end_subject(provider, subject, at).await, true),
        EventEffect::SessionEnded(sid) => {
            let ended = flow.end_provider_session(provider, sid, None, at);
            (ended.await, true)
        }
        EventEffect::SessionOfSubjectEnded { session, subject } => {
            let ended = flow.end_provider_session(provider, session, Some(subject), at);
            (ended.await, true)
        }
        EventEffect::Unlinked(subject) if hook_ran_before => {
            (flow.end_subject(provider, subject, at).await, true)
        }
        EventEffect::Unlinked(subject) => unlinked(flow, provider, subject, at).await,
    };
    flow.config.audit.event(ReportEffect {
        provider: name,
        cause: effect.cause(),
        subject: effect.subject(),
        complete: ended.is_ok(),
    });
    if ended.is_err() {
        tracing::error!(
            provider = name,
            "an event ended sessions on this replica, and the others do not know it yet"
        );
    }
    Done {
        ended: ended.is_ok(),
        hooked,
    }
}

/// Revokes the user's sessions and runs the application's hook at the same time. The hook does not
/// need the other replicas, and not every provider repeats the event.
async fn unlinked(
    flow: &Flow,
    provider: &Registered,
    subject: &str,
    at: Option<UnixTime>,
) -> (Result<(), NotEverywhere>, bool) {
    let now = flow.config.clock.unix();
    let unlink = Unlink {
        provider: provider.name.clone(),
        subject: subject.into(),
        at: at.map_or(now, |at| at.min(now)).into(),
    };
    // The user's sessions end on this replica as soon as this future is first polled.
    let ended = flow.end_subject(provider, subject, at);
    join(ended, flow.config.hooks.unlink(unlink)).await
}
