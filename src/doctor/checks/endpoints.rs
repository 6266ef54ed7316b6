//! The endpoints of a sign-in, and the clock that their answers show.

use super::unanswered;
use crate::doctor::{
    facts::{Answer, Call, Certificates, Provider},
    report::{Check, CheckState},
};
use crate::http_client::CallName;

/// The tolerance for the times of tokens, in seconds. A larger difference may make sign-ins fail.
const SKEW: u64 = 60;
/// A difference in seconds that the delay of an answer and the whole seconds of `Date` may explain.
const TRAVEL: u64 = 5;

/// One check for each endpoint that was called, then the clock, then a pause of calls.
pub(crate) fn checks(known: &Provider, certificates: &Certificates) -> Vec<Check> {
    let calls = known.calls.iter().filter_map(|call| {
        let name = match call.name {
            CallName::Token => "token_endpoint",
            CallName::Profile => "profile_endpoint",
            CallName::PushedRequest => "pushed_request_endpoint",
            _ => return None,
        };
        Some(reached(name, known, call, certificates))
    });
    let mut checks: Vec<Check> = calls.collect();
    checks.push(clock(known));
    checks.extend(known.is_paused.then(|| paused(known)));
    checks
}

/// Whether an endpoint answers a call without credentials.
fn reached(
    name: &'static str,
    known: &Provider,
    call: &Call,
    certificates: &Certificates,
) -> Check {
    let expected = "an answer that refuses a call without credentials";
    let check = |found: &str| Check::new(name, &known.name, (expected, found));
    let answer = match &call.outcome {
        Ok(answer) => answer,
        Err(failure) => {
            let (found, remedy) = unanswered::cause(call, failure, certificates);
            return check(&found).is(CheckState::Failed, remedy);
        }
    };
    let found = format!("{} from {}", answer.status, call.address);
    match odd(answer) {
        None => check(&found),
        Some(remedy) => check(&found).is(CheckState::Warning, remedy),
    }
}

/// The remedy for an answer that a working endpoint does not give. `None` for any other status,
/// because an endpoint may refuse an empty call with 400, 401 or 405, or answer it.
fn odd(answer: &Answer) -> Option<&'static str> {
    match answer.status.as_u16() {
        404 | 410 => Some("check the address: the server answers, and knows no such path"),
        300..=399 => Some("give the address to which it leads: redirects are not followed"),
        407 => Some("let the proxy of this machine pass calls to the provider"),
        500.. => Some(
            "look at the provider's own log and state: an empty call should be refused with 400 or 401",
        ),
        _ => None,
    }
}

/// The difference of the clocks. A clock that is behind makes new ID tokens seem to be from the
/// future, which a sign-in refuses. A clock that is ahead only shortens the time in which tokens
/// are accepted.
fn clock(known: &Provider) -> Check {
    let expected = format!("at most {SKEW} s between the clocks");
    let check = |found: &str| Check::new("clock", &known.name, (&expected, found));
    let Some(difference) = known.clock else {
        let remedy = "nothing to do here: no answer of the provider had a Date";
        return check("not known").is(CheckState::Note, remedy);
    };
    let seconds = difference.unsigned_abs();
    let is_behind = difference > 0;
    let found = match (seconds, is_behind) {
        (0, _) => "no difference".to_owned(),
        (_, true) => format!("this machine is {seconds} s behind the provider"),
        (_, false) => format!("this machine is {seconds} s ahead of the provider"),
    };
    let remedy =
        "let chrony, systemd-timesyncd or the host of the virtual machine set this machine's clock";
    match seconds {
        0..=TRAVEL => check(&found),
        _ if seconds <= SKEW => check(&found).is(CheckState::Note, remedy),
        _ if is_behind && known.outline.verifies_tokens => {
            let remedy = format!("{remedy}: ID tokens seem to be from the future, and are refused");
            check(&found).is(CheckState::Failed, remedy)
        }
        _ => {
            let remedy =
                format!("{remedy}: tokens and reports seem to be old, and are refused sooner");
            check(&found).is(CheckState::Warning, remedy)
        }
    }
}

/// The circuit breaker has opened. The other checks name the cause.
fn paused(known: &Provider) -> Check {
    let expected = "calls to the provider are made";
    let found = "an endpoint failed five times in a row, and is not called for some seconds";
    let check = Check::new("paused", &known.name, (expected, found));
    check.is(
        CheckState::Warning,
        "mend what the other checks of this provider name; calls begin again by themselves",
    )
}
