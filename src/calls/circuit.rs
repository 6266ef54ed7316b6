//! A circuit breaker for each endpoint of a provider. After five failures in a row the circuit
//! opens. Calls then fail at once for ten seconds, and after that one call is sent as a probe. A
//! response to the probe closes the circuit. A failed probe keeps the circuit open for another ten
//! seconds.
//!
//! Each endpoint has its own circuit, because a response of the token endpoint proves nothing about
//! the profile endpoint. A 4xx counts as a response, so that callbacks with invented codes cannot
//! open a circuit.
//!
//! Without a circuit breaker, every sign-in at a provider that is down would wait for
//! `provider_timeout` and would hold a permit for that time. Users of other providers are not
//! affected either way, because each provider has its own `Calls`.

use std::{collections::HashMap, time::Duration};

use bytes::Bytes;
use http::{Request, Response};

use super::{Purpose, scope::Scope};
use crate::http_client::{HttpError, HttpErrorKind};

/// The failures in a row that open a circuit. One slow call, or one broken connection, must not
/// shut out other users.
const FAILURES: u32 = 5;
/// The time for which an open circuit refuses calls. A user can wait that long at the refusal
/// page, and a provider that restarts needs more than a second or two.
const PAUSE: Duration = Duration::from_secs(10);
/// The retry time for other calls while the probe is under way. A probe that succeeds usually takes
/// less time than this.
const PROBING: Duration = Duration::from_secs(2);
/// The most endpoints that are remembered. A provider has fewer, but an application's profile
/// reader may use one path for each user, and the table must not grow with them.
const MOST: usize = 64;

/// Method, host and path of a request. The query is left out, because it differs for each user.
pub(super) type Endpoint = String;

/// The endpoint of a request, as the log and the circuits name it.
pub(super) fn endpoint(request: &Request<Bytes>) -> Endpoint {
    let (method, uri) = (request.method(), request.uri());
    let host = uri.authority().map_or("", |authority| authority.as_str());
    format!("{method} {host}{}", uri.path())
}

/// The result of a call for its endpoint's circuit. A 5xx and a broken connection count alike. A
/// refusal by the provider is not a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The endpoint responded with a status below 500, or with a body that is not read.
    Answered,
    /// No connection, no response in time, or a 5xx.
    Failed,
    /// The call says nothing about the endpoint, so its circuit does not change.
    Unknown,
}

impl Outcome {
    /// The outcome by a call's response or error. A call that was not made (`Busy`,
    /// `ForbiddenAddress`) says nothing about the endpoint.
    pub(super) fn of(answer: &Result<Response<Bytes>, HttpError>, purpose: Purpose) -> Self {
        use HttpErrorKind as K;

        match answer.as_ref().map_err(HttpError::kind) {
            Ok(answer) if answer.status().is_server_error() => Self::Failed,
            // Bytes arrived, so the endpoint works, although its response is of no use.
            Ok(_) | Err(K::TooLarge | K::Encoded(_)) => Self::Answered,
            // A call for an event has less time than a sign-in, so its timeout does not show that
            // the provider is down.
            Err(K::TimedOut) if purpose == Purpose::Event => Self::Unknown,
            Err(K::TimedOut | K::Unreachable) => Self::Failed,
            // The call was not made.
            Err(K::Busy(_) | K::ForbiddenAddress) => Self::Unknown,
        }
    }
}

/// The permission for one call. Each one is given back with [`Circuits::release`], or a probe that
/// was dropped would block the endpoint for ever.
pub(super) struct Pass {
    endpoint: Endpoint,
    /// A sign-in needs the call, so its failure counts against sign-ins.
    for_sign_in: bool,
    /// The call is the probe of an open circuit.
    is_probe: bool,
}

/// The endpoints whose last call failed. An endpoint that responds has no entry, so that the table
/// is empty as long as the provider works.
#[derive(Default)]
pub(super) struct Circuits(HashMap<Endpoint, Circuit>);

/// The failures of one endpoint. An entry exists only after a failure.
#[derive(Default)]
struct Circuit {
    /// The failures since the last response. A response removes the whole entry.
    failures: u32,
    /// The monotonic time at which the circuit opened, or at which the last probe failed. `None`
    /// while it is closed.
    opened_at: Option<Duration>,
    /// A probe is under way.
    is_probed: bool,
    /// A call that a sign-in needs has failed at this endpoint, so that an open circuit means that
    /// sign-ins would fail. A failure of the revocation endpoint alone does not make the provider
    /// unavailable for sign-ins.
    for_sign_in: bool,
}

impl Circuit {
    /// The time for which the circuit stays open. `None` if it is closed, or due for a probe.
    fn rest(&self, now: Duration) -> Option<Duration> {
        let passed = now.saturating_sub(self.opened_at?);
        let rest = PAUSE.saturating_sub(passed);
        (!rest.is_zero()).then_some(rest)
    }
}

/// All methods are synchronous and short, because the caller holds a lock around them.
impl Circuits {
    /// Whether the circuit of an endpoint that sign-ins need is open. During the probe it counts as
    /// closed, because the next sign-in may succeed.
    pub(super) fn is_down(&self, now: Duration) -> bool {
        let mut circuits = self.0.values();
        circuits.any(|circuit| circuit.for_sign_in && circuit.rest(now).is_some())
    }

    /// Whether a call may be made now. The error is `Busy` with the retry time, and changes
    /// nothing.
    pub(super) fn check(&self, endpoint: &str, now: Duration) -> Result<(), HttpError> {
        let Some(circuit) = self.0.get(endpoint) else {
            return Ok(());
        };
        match circuit.rest(now) {
            Some(rest) => Err(HttpErrorKind::Busy(rest).into()),
            None if circuit.is_probed => Err(HttpErrorKind::Busy(PROBING).into()),
            None => Ok(()),
        }
    }

    /// Permits one call. The first call after the pause is the probe, and the others are refused
    /// until its result is known.
    pub(super) fn admit(
        &mut self,
        endpoint: Endpoint,
        scope: Scope,
        now: Duration,
    ) -> Result<Pass, HttpError> {
        // The circuit may have opened since the caller checked it.
        self.check(&endpoint, now)?;
        let open = self
            .0
            .get_mut(&endpoint)
            .filter(|circuit| circuit.opened_at.is_some());
        let is_probe = open.is_some_and(|circuit| {
            circuit.is_probed = true;
            true
        });
        Ok(Pass {
            endpoint,
            for_sign_in: scope.purpose == Purpose::SignIn && !scope.is_optional,
            is_probe,
        })
    }

    /// Records the result of a call. A failure of a call that began before the circuit opened is
    /// counted, but does not prolong the pause.
    pub(super) fn note(&mut self, pass: &Pass, outcome: Outcome, now: Duration) {
        match outcome {
            Outcome::Answered => self.close(&pass.endpoint),
            Outcome::Failed => self.fail(pass, now),
            // The circuit stays as it is.
            Outcome::Unknown => {}
        }
    }

    /// Gives the permission back, after the call has ended or was dropped. After a dropped probe,
    /// the next call is the probe.
    pub(super) fn release(&mut self, pass: &Pass) {
        if let Some(circuit) = self.0.get_mut(&pass.endpoint).filter(|_| pass.is_probe) {
            circuit.is_probed = false;
        }
    }

    /// Closes the circuit of an endpoint that responded, and resets the count of its failures.
    fn close(&mut self, endpoint: &str) {
        if self
            .0
            .remove(endpoint)
            .is_some_and(|circuit| circuit.opened_at.is_some())
        {
            tracing::info!(endpoint, "the provider responds again");
        }
    }

    /// Counts a failure, and opens the circuit if it is the fifth in a row.
    fn fail(&mut self, pass: &Pass, now: Duration) {
        // The table is full. Only open circuits are worth keeping, because a counter that is
        // removed starts again at zero and delays an opening at most.
        if self.0.len() >= MOST && !self.0.contains_key(&pass.endpoint) {
            self.0.retain(|_, circuit| circuit.rest(now).is_some());
        }
        let circuit = self.0.entry(pass.endpoint.clone()).or_default();
        circuit.failures = circuit.failures.saturating_add(1);
        circuit.for_sign_in |= pass.for_sign_in;
        let opens = circuit.opened_at.is_none() && circuit.failures >= FAILURES;
        // A call that began before the circuit opened must not prolong the pause.
        if opens || pass.is_probe {
            circuit.opened_at = Some(now);
        }
        if opens {
            let endpoint = &*pass.endpoint;
            let failures = circuit.failures;
            tracing::error!(
                endpoint,
                failures,
                "the provider is down, and is not called for 10 s"
            );
        }
    }
}
