//! The numbers that the application knows, at the callback and after the step.

use std::{future::Future, sync::Arc, time::Duration};

use crate::{
    clock::UnixTime,
    flow::Flow,
    phone::{PhoneAssurance, PhoneNumber},
    phone_step::KnownNumbers,
    session::{Session, user::VerifiedUser},
    web::request_body::BoxError,
};

/// A confirmation in the future is possible if another replica has a fast clock.
const SKEW: Duration = Duration::from_secs(60);

/// Gives the user the number that the application knows to be confirmed. `reported` is the number
/// of the provider, if it gave one. `false` if the user still has to prove a number.
pub(crate) async fn take(
    flow: &Flow,
    session: &mut Session,
    reported: Option<PhoneNumber>,
) -> bool {
    let Some(config) = &flow.config.phone_step else {
        return false;
    };
    let Some(store) = &config.known_numbers else {
        return false;
    };
    let user = &mut session.user;
    let found = in_time(flow, store.get(&user.provider, &user.subject)).await;
    let Ok(found) = found else {
        let provider = &*user.provider;
        tracing::warn!(
            provider,
            "the known numbers cannot be read; the user goes through the phone step"
        );
        return false;
    };
    let now = flow.config.clock.unix();
    let found = found.map(|(number, at)| (number, UnixTime::from(at)));
    if found.is_some_and(|(number, _)| is_contradicted(number, reported)) {
        forget(flow, store, user).await;
    }
    match found.filter(|found| counts(*found, reported, now, config.known_for)) {
        Some((number, at)) => {
            confirm(user, number, at);
            true
        }
        None => false,
    }
}

/// Whether a known number still counts.
fn counts(
    (number, confirmed_at): (PhoneNumber, UnixTime),
    reported: Option<PhoneNumber>,
    now: UnixTime,
    known_for: Duration,
) -> bool {
    let is_young = now < confirmed_at.after(known_for) && confirmed_at <= now.after(SKEW);
    is_young && !is_contradicted(number, reported)
}

/// Whether the provider reports another number. The known one is then void for good, because it may
/// belong to another person by now.
fn is_contradicted(number: PhoneNumber, reported: Option<PhoneNumber>) -> bool {
    reported.is_some_and(|reported| reported != number)
}

/// Lets the application forget a number that the provider contradicts, although the user needs no
/// known number at present.
pub(crate) async fn compare(flow: &Flow, user: &VerifiedUser, reported: Option<PhoneNumber>) {
    let config = flow.config.phone_step.as_ref();
    let store = config.and_then(|config| config.known_numbers.as_ref());
    let (Some(store), Some(_)) = (store, reported) else {
        return;
    };
    let found = in_time(flow, store.get(&user.provider, &user.subject)).await;
    if let Ok(Some((number, _))) = found
        && is_contradicted(number, reported)
    {
        forget(flow, store, user).await;
    }
}

/// Lets the application forget the number of a user.
async fn forget(flow: &Flow, store: &Arc<dyn KnownNumbers>, user: &VerifiedUser) {
    let forgotten = in_time(flow, store.forget(&user.provider, &user.subject)).await;
    if forgotten.is_err() {
        let provider = &*user.provider;
        tracing::warn!(
            provider,
            "a known number that the provider contradicts is not deleted"
        );
    }
}

/// Whether the number of a session is young enough for a new one. Without a store of known numbers
/// there is no limit, because the user was signed in all the time.
pub(super) fn is_young(flow: &Flow, user: &VerifiedUser) -> bool {
    let config = flow.config.phone_step.as_ref();
    let limit = config.and_then(|config| config.known_numbers.as_ref().map(|_| config.known_for));
    let at = user.facts().confirmed_at;
    let limited = at.zip(limit);
    limited.is_none_or(|(at, limit)| flow.config.clock.unix() < at.after(limit))
}

/// Gives the user a number that was confirmed at this time.
pub(super) fn confirm(user: &mut VerifiedUser, number: PhoneNumber, at: UnixTime) {
    user.phone = number;
    user.phone_assurance = PhoneAssurance::Confirmed;
    user.facts_mut().confirmed_at = Some(at);
}

/// Tells the application which number the user has confirmed.
pub(super) async fn put(flow: &Flow, user: &VerifiedUser) {
    let config = flow.config.phone_step.as_ref();
    let store = config.and_then(|config| config.known_numbers.as_ref());
    let (Some(store), Some(at)) = (store, user.confirmed_at()) else {
        return;
    };
    let put = store.put(&user.provider, &user.subject, user.phone, at);
    if in_time(flow, put).await.is_err() {
        let provider = &*user.provider;
        tracing::warn!(
            provider,
            "a confirmed number cannot be written; the next sign-in of the user sends a message again, \
             and a former user of the number keeps it"
        );
    }
}

/// The answer of the store within the time of a hook. The error is not kept, because its text may
/// hold a number.
async fn in_time<T>(
    flow: &Flow,
    answer: impl Future<Output = Result<T, BoxError>>,
) -> Result<T, ()> {
    let answer = tokio::time::timeout(flow.config.hooks.limit(), answer).await;
    answer.map_err(drop)?.map_err(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_number_counts_while_it_is_young_and_the_provider_reports_no_other() {
        let number = |text: &str| text.parse::<PhoneNumber>().unwrap();
        let (own, other) = (number("+821023456789"), number("+821012345678"));
        let (at, most) = (UnixTime::from_secs(1_000_000), Duration::from_secs(100));
        let later = |seconds| at.after(Duration::from_secs(seconds));
        for (reported, now, expected) in [
            (None, later(0), true),
            (None, later(99), true),
            (None, later(100), false),
            (Some(own), later(50), true),
            (Some(other), later(50), false),
            (None, at.before(SKEW), true),
            (None, at.before(SKEW + Duration::from_secs(1)), false),
        ] {
            assert_eq!(
                counts((own, at), reported, now, most),
                expected,
                "{reported:?} {now:?}"
            );
        }
    }
}
