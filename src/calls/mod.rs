//! The calls to one provider. [`Calls`] wraps the [`HttpClient`] of the application and adds what
//! every call needs:
//!
//! - **A limit of calls at once** (`provider_concurrency`). One eighth of the permits is reserved
//!   for events. Any host can send invented events and invented callbacks, and with separate
//!   permits neither kind uses up the permits of the other. A call waits at most one second for a
//!   permit.
//! - **A deadline** (`provider_timeout`), which all calls of one callback share; see `scope.rs`.
//! - **A circuit breaker** for each endpoint, so that a provider that is down costs no waiting; see
//!   `circuit.rs`.
//! - **The clock difference** to the provider, observed in tokens and in `Date` headers; see
//!   `clock_difference.rs`.
//! - **No content coding** in responses; see `encoding.rs`.
//!
//! Each provider of a layer has its own [`Calls`], so that a slow provider takes no permits from
//! another. All limits apply to every client, also to one that the application gives.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, header::ACCEPT_ENCODING};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout_at},
};

use self::circuit::{Circuits, Outcome, Pass};
pub(crate) use self::clock_difference::ClockDifference;
pub(crate) use self::scope::{Purpose, optional, purpose, record_sent, wait, within};
use crate::{
    clock::Clock,
    error::Sent,
    http_client::{BoxFuture, CallName, CallTarget, HttpClient, HttpError, HttpErrorKind},
    observe::{AuthEvent, CallOutcome, Observer},
};

mod circuit;
mod clock_difference;
pub(crate) mod date;
pub(crate) mod encoding;
mod scope;
#[cfg(test)]
mod tests;

/// The longest wait for a permit. A longer wait would delay a page that only says that the provider
/// is busy.
const QUEUE: Duration = Duration::from_secs(1);
/// The retry time after such a wait. A permit becomes free with the next response, so that a longer
/// time would only delay the user.
const BUSY: Duration = Duration::from_secs(2);

/// The limits that apply to the calls to one provider, from the settings of the layer. A provider's
/// own `timeout` replaces the first one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The time for all calls of a callback or a page visit together, or for one call outside both.
    pub(crate) time: Duration,
    /// The most calls at once to one provider.
    pub(crate) calls: usize,
}

/// An [`HttpClient`] with the limits of one provider. It implements [`HttpClient`] itself, so the
/// code of a provider does not know whether it has limits.
pub(crate) struct Calls {
    /// The client of the application, or the default one.
    client: Arc<dyn HttpClient>,
    /// The deadline of a call outside every scope.
    time: Duration,
    /// Permits of sign-ins and of the application's revocations. Events cannot use them.
    sign_ins: Semaphore,
    /// Permits of events. Sign-ins cannot use them, even if no event is under way.
    events: Semaphore,
    /// The endpoints that fail at the moment.
    circuits: Mutex<Circuits>,
    /// Whether calls to an endpoint that fails are refused.
    breaks: bool,
    /// Shared with the provider's client, which checks event tokens by it.
    difference: Arc<ClockDifference>,
    /// The monotonic clock of the circuits, and the wall clock of the difference.
    clock: Clock,
    /// Events of the application, and the provider's name in them.
    observer: (Observer, Arc<str>),
}

impl Calls {
    /// Wraps `client`, which all calls to one provider share.
    pub(crate) fn new(client: Arc<dyn HttpClient>, limits: Limits, clock: Clock) -> Self {
        // Events and callbacks can both be invented by any host. Each kind has at least one permit
        // of its own.
        let events = (limits.calls / 8).max(1);
        Self {
            client,
            time: limits.time,
            sign_ins: Semaphore::new(limits.calls.saturating_sub(events).max(1)),
            events: Semaphore::new(events),
            circuits: Mutex::default(),
            breaks: true,
            difference: Arc::default(),
            clock,
            observer: (Observer::default(), Arc::from("")),
        }
    }

    /// The same, without the circuit breaker. A service that is called for one user at a time, and
    /// whose calls are limited otherwise, is asked each time.
    pub(crate) fn without_circuits(self) -> Self {
        Self {
            breaks: false,
            ..self
        }
    }

    /// The same, with the function of the application for events, and the provider's name in them.
    pub(crate) fn observed(self, observer: Observer, name: &str) -> Self {
        Self {
            observer: (observer, name.into()),
            ..self
        }
    }

    /// Whether a sign-in that begins now would probably fail, because the circuit of an endpoint
    /// that sign-ins need is open. The sign-in page then says so before the user leaves.
    pub(crate) fn is_down(&self) -> bool {
        self.circuits().is_down(self.clock.monotonic())
    }

    /// The wrapped client, for the doctor. Its calls bypass the limits, because a check of the
    /// set-up must not open circuits, and must not be refused by an open one.
    pub(crate) fn client(&self) -> &dyn HttpClient {
        &*self.client
    }

    /// The difference between the provider's clock and the clock of this replica.
    pub(crate) fn difference(&self) -> Arc<ClockDifference> {
        Arc::clone(&self.difference)
    }

    /// Sends a request. Response and error carry the [`CallTarget`] for the log. The response also
    /// carries the values that were sent, so that the log does not repeat them.
    async fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        // Both are read before the request is handed over, because the client takes it.
        let (target, sent) = (
            CallTarget::of(&request),
            scope::record_sent(Sent::by(&request)),
        );
        let begun = self.clock.monotonic();
        let made = self.make(request).await;
        self.report(&target, begun, &made);
        match made {
            Ok(mut answer) => {
                let host = target.host.as_deref().unwrap_or_default();
                self.difference
                    .report_date(host, date::of(&answer), &self.clock);
                answer.extensions_mut().insert(target);
                answer.extensions_mut().insert(sent);
                Ok(answer)
            }
            Err(error) => Err(error.at(target)),
        }
    }

    /// Reports the end of a call as an event.
    fn report(
        &self,
        target: &CallTarget,
        begun: Duration,
        made: &Result<Response<Bytes>, HttpError>,
    ) {
        let (observer, provider) = &self.observer;
        let outcome = match made.as_ref().map_err(HttpError::kind) {
            Ok(answer) => CallOutcome::Answered(answer.status()),
            Err(HttpErrorKind::TimedOut) => CallOutcome::TimedOut,
            Err(HttpErrorKind::Busy(_)) => CallOutcome::NotMade,
            Err(_) => CallOutcome::Failed,
        };
        observer.notify(AuthEvent::ProviderCalled {
            provider,
            call: target.call.map_or("other", CallName::as_str),
            duration: self.clock.monotonic().saturating_sub(begun),
            outcome,
        });
    }

    /// Sends a request within limits, deadline and circuit.
    ///
    /// The deadline includes the wait for the permit. `Busy` means that nothing was sent, so that a
    /// code is still unused.
    async fn make(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        // An application's client may have set the header itself. It is replaced, so that no
        // response has to be decoded.
        request
            .headers_mut()
            .insert(ACCEPT_ENCODING, encoding::IDENTITY);
        let scope = scope::current(self.time);
        let endpoint = circuit::endpoint(&request);
        self.circuits().check(&endpoint, self.clock.monotonic())?;
        // The circuit is checked before the wait for a permit, so that calls to a dead endpoint do
        // not queue, and again after it, because it may have opened meanwhile.
        let _permit = self.permit(scope.purpose, scope.deadline).await?;
        let pass = self
            .circuits()
            .admit(endpoint, scope, self.clock.monotonic())?;
        let call = Call { calls: self, pass };
        // From here on, `Drop` releases the probe even if this future is dropped.
        let answer = timeout_at(scope.deadline, self.client.send(request)).await;
        let answer = answer.unwrap_or(Err(HttpErrorKind::TimedOut.into()));
        if self.breaks {
            call.ends(Outcome::of(&answer, scope.purpose));
        }
        readable(answer?)
    }

    /// Waits for the permit of one call, for at most [`QUEUE`] and until the deadline. `Busy` if
    /// none became free. The permit is returned when it is dropped.
    async fn permit(
        &self,
        purpose: Purpose,
        deadline: Instant,
    ) -> Result<SemaphorePermit<'_>, HttpError> {
        let permits = match purpose {
            Purpose::Event => &self.events,
            Purpose::SignIn | Purpose::Application => &self.sign_ins,
        };
        // A call that waits longer than `QUEUE` is refused, so that waiting calls do not add up
        // while the provider is slow.
        let patience = deadline.min(Instant::now() + QUEUE);
        match timeout_at(patience, permits.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(HttpErrorKind::Busy(BUSY).into()),
        }
    }

    /// Locks the circuits, never across an `await`. A panic elsewhere leaves them usable.
    fn circuits(&self) -> MutexGuard<'_, Circuits> {
        self.circuits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Providers see an ordinary client, so they cannot make a call without the limits. The future is
/// boxed by the trait; a call to a provider takes milliseconds, so the allocation does not matter.
impl HttpClient for Calls {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(self.carry(request))
    }
}

/// Refuses a response with a content coding. The status of a server error says enough without its
/// body, so such a response passes.
fn readable(answer: Response<Bytes>) -> Result<Response<Bytes>, HttpError> {
    match encoding::unreadable(&answer) {
        Some(coding) if !answer.status().is_server_error() => {
            Err(HttpErrorKind::Encoded(coding).into())
        }
        _ => Ok(answer),
    }
}

/// A call under way. It exists so that the circuit's permission is given back in every case, also
/// if a probe is dropped. If it is dropped before its end, the browser has closed its connection,
/// and nothing is known about the provider.
struct Call<'a> {
    /// The calls to the same provider.
    calls: &'a Calls,
    /// The permission of the endpoint's circuit.
    pass: Pass,
}

/// The end of a call that was not dropped.
impl Call<'_> {
    /// Records the outcome. A call that is dropped before records none.
    fn ends(self, outcome: Outcome) {
        let now = self.calls.clock.monotonic();
        self.calls.circuits().note(&self.pass, outcome, now);
    }
}

/// Gives the permission of the circuit back, also if the future of the call is dropped.
impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.calls.circuits().release(&self.pass);
    }
}
