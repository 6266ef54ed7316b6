//! A circuit breaker for each endpoint of a provider: after several failures in a row it is not called for a while, then
//! with one call.
//!
//! Each endpoint has its own, because an answer of the token endpoint proves nothing about the profile endpoint. What a
//! provider answers to a forged code is an answer (4xx): strangers open no circuit.

use std::{collections::HashMap, time::Duration};

use bytes::Bytes;
use http::{Request, Response};

use super::Purpose;
use crate::http_client::{HttpError, HttpErrorKind};

/// So many failures in a row open a circuit. One slow call, or one connection that broke, shuts out no other user.
const FAILURES: u32 = 5;
/// How long an endpoint is left alone before one call is_probe it again.
const PAUSE: Duration = Duration::from_secs(10);
/// While that call is under way, others are asked to come again after this.
const PROBING: Duration = Duration::from_secs(2);
/// A provider has fewer endpoints; a profile reader of the application may have one for each user.
const MOST: usize = 64;

/// Method, host and path.
pub(super) type Endpoint = String;

pub(super) fn endpoint(request: &Request<Bytes>) -> Endpoint {
    let (method, uri) = (request.method(), request.uri());
    let host = uri.authority().map_or("", |authority| authority.as_str());
    format!("{method} {host}{}", uri.path())
}

/// What a call says about its endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It answers, whatever it says.
    Answered,
    /// No connection, no answer in time, or a 5xx.
    Failed,
    Unknown,
}

impl Outcome {
    pub(super) fn of(answer: &Result<Response<Bytes>, HttpError>, purpose: Purpose) -> Self {
        use HttpErrorKind as K;

        match answer.as_ref().map_err(HttpError::kind) {
            Ok(answer) if answer.status().is_server_error() => Self::Failed,
            Ok(_) | Err(K::TooLarge | K::Encoded(_)) => Self::Answered,
            // An event has less time than a sign-in: that is no failure of the provider.
            Err(K::TimedOut) if purpose == Purpose::Event => Self::Unknown,
            Err(K::TimedOut | K::Unreachable) => Self::Failed,
            Err(K::Busy(_) | K::ForbiddenAddress) => Self::Unknown,
        }
    }
}

/// The right to make one call.
pub(super) struct Pass {
    endpoint: Endpoint,
    purpose: Purpose,
    /// It is the one call that is_probe an open circuit.
    is_probe: bool,
}

/// The endpoints that failed last. One that answers has no entry.
#[derive(Default)]
pub(super) struct Circuits(HashMap<Endpoint, Circuit>);

#[derive(Default)]
struct Circuit {
    failures: u32,
    opened_at: Option<Duration>,
    is_probed: bool,
    for_sign_in: bool,
}

impl Circuit {
    fn rest(&self, now: Duration) -> Option<Duration> {
        let passed = now.saturating_sub(self.opened_at?);
        let rest = PAUSE.saturating_sub(passed);
        (!rest.is_zero()).then_some(rest)
    }
}

impl Circuits {
    pub(super) fn is_down(&self, now: Duration) -> bool {
        let mut circuits = self.0.values();
        circuits.any(|circuit| circuit.for_sign_in && circuit.rest(now).is_some())
    }

    /// Whether a call may be made now; else in what time one may.
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

    pub(super) fn admit(
        &mut self,
        endpoint: Endpoint,
        purpose: Purpose,
        now: Duration,
    ) -> Result<Pass, HttpError> {
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
            purpose,
            is_probe,
        })
    }

    pub(super) fn note(&mut self, pass: &Pass, outcome: Outcome, now: Duration) {
        match outcome {
            Outcome::Answered => self.close(&pass.endpoint),
            Outcome::Failed => self.fail(pass, now),
            Outcome::Unknown => {}
        }
    }

    /// The call is over, whatever came of it.
    pub(super) fn release(&mut self, pass: &Pass) {
        if let Some(circuit) = self.0.get_mut(&pass.endpoint).filter(|_| pass.is_probe) {
            circuit.is_probed = false;
        }
    }

    fn close(&mut self, endpoint: &str) {
        if self
            .0
            .remove(endpoint)
            .is_some_and(|circuit| circuit.opened_at.is_some())
        {
            tracing::info!(endpoint, "the provider answers again");
        }
    }

    fn fail(&mut self, pass: &Pass, now: Duration) {
        if self.0.len() >= MOST && !self.0.contains_key(&pass.endpoint) {
            self.0.retain(|_, circuit| circuit.rest(now).is_some());
        }
        let circuit = self.0.entry(pass.endpoint.clone()).or_default();
        circuit.failures = circuit.failures.saturating_add(1);
        circuit.for_sign_in |= pass.purpose == Purpose::SignIn;
        let opens = circuit.opened_at.is_none() && circuit.failures >= FAILURES;
        // A call that began before the circuit opened, and ends after, prolongs nothing.
        if opens || pass.is_probe {
            circuit.opened_at = Some(now);
        }
        if opens {
            let endpoint = &*pass.endpoint;
            let failures = circuit.failures;
            tracing::error!(
                endpoint,
                failures,
                "the provider is down: it is called again in 10 s"
            );
        }
    }
}
