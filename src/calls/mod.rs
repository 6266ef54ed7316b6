//! The calls to one provider. [`Calls`] wraps the [`HttpClient`] of the application and adds what
//! every call needs:
//!
//! - **A limit of calls at once** (`provider_concurrency`). One eighth of them is reserved for
//!   events. Invented events and invented callbacks can both be sent by strangers; with separate
//!   permits, neither uses up the other's. A call waits one second for a permit.
//! - **A deadline** (`provider_timeout`), which all calls of one callback share; see `scope.rs`.
//! - **A circuit breaker** for each endpoint, so that a provider that is down costs no waiting; see
//!   `circuit.rs`.
//! - **The clock difference** to the provider, observed in tokens and in `Date` headers; see
//!   `clock_difference.rs`.
//! - **No content coding** in responses; see `encoding.rs`.

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
pub(crate) use self::scope::{Purpose, purpose, record_sent, wait, within};
use crate::{
    clock::Clock,
    error::Sent,
    http_client::{BoxFuture, CallTarget, HttpClient, HttpError, HttpErrorKind},
};

mod circuit;
mod clock_difference;
pub(crate) mod date;
pub(crate) mod encoding;
mod scope;
#[cfg(test)]
mod tests;

/// The longest wait for a permit.
const QUEUE: Duration = Duration::from_secs(1);
/// The retry time after such a wait. Permits become free at any moment, so a longer time would not
/// help.
const BUSY: Duration = Duration::from_secs(2);

/// The limits of the settings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The time for a callback, a page visit, or a call outside both.
    pub(crate) time: Duration,
    /// The most calls at once to one provider.
    pub(crate) calls: usize,
}

/// An [`HttpClient`] with the limits of one provider.
pub(crate) struct Calls {
    client: Arc<dyn HttpClient>,
    time: Duration,
    /// Permits of sign-ins and of the application's revocations.
    sign_ins: Semaphore,
    /// Permits of events.
    events: Semaphore,
    circuits: Mutex<Circuits>,
    difference: Arc<ClockDifference>,
    clock: Clock,
}

impl Calls {
    /// Wraps `client`, which all calls to one provider share.
    pub(crate) fn new(client: Arc<dyn HttpClient>, limits: Limits, clock: Clock) -> Self {
        // Strangers can post events and can return with invented codes. Neither may use up the
        // permits of the other.
        let events = (limits.calls / 8).max(1);
        Self {
            client,
            time: limits.time,
            sign_ins: Semaphore::new(limits.calls.saturating_sub(events).max(1)),
            events: Semaphore::new(events),
            circuits: Mutex::default(),
            difference: Arc::default(),
            clock,
        }
    }

    /// Whether a sign-in that begins now would probably fail, because the circuit of an endpoint
    /// that sign-ins need is open.
    pub(crate) fn is_down(&self) -> bool {
        self.circuits().is_down(self.clock.monotonic())
    }

    /// The wrapped client, for the doctor: its calls must not change circuits.
    pub(crate) fn client(&self) -> &dyn HttpClient {
        &*self.client
    }

    /// The difference between the provider's clock and this server's.
    pub(crate) fn difference(&self) -> Arc<ClockDifference> {
        Arc::clone(&self.difference)
    }

    /// Sends a request. Response and error carry the [`CallTarget`] for the log. The response also
    /// carries the values that were sent, so that the log does not repeat them.
    async fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (target, sent) = (
            CallTarget::of(&request),
            scope::record_sent(Sent::by(&request)),
        );
        match self.make(request).await {
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

    /// Sends a request within limits, deadline and circuit.
    async fn make(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
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
            .admit(endpoint, scope.purpose, self.clock.monotonic())?;
        let call = Call { calls: self, pass };
        // From here on, `Drop` releases the probe even if this future is dropped.
        let answer = timeout_at(scope.deadline, self.client.send(request)).await;
        let answer = answer.unwrap_or(Err(HttpErrorKind::TimedOut.into()));
        call.ends(Outcome::of(&answer, scope.purpose));
        readable(answer?)
    }

    /// A permit for one call.
    async fn permit(
        &self,
        purpose: Purpose,
        deadline: Instant,
    ) -> Result<SemaphorePermit<'_>, HttpError> {
        let permits = match purpose {
            Purpose::Event => &self.events,
            Purpose::SignIn | Purpose::Application => &self.sign_ins,
        };
        let patience = deadline.min(Instant::now() + QUEUE);
        match timeout_at(patience, permits.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(HttpErrorKind::Busy(BUSY).into()),
        }
    }

    fn circuits(&self) -> MutexGuard<'_, Circuits> {
        self.circuits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpClient for Calls {
    fn send(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(self.carry(request))
    }
}

/// Refuses a response with a content coding, unless it is a server error, whose status is enough.
fn readable(answer: Response<Bytes>) -> Result<Response<Bytes>, HttpError> {
    match encoding::unreadable(&answer) {
        Some(coding) if !answer.status().is_server_error() => {
            Err(HttpErrorKind::Encoded(coding).into())
        }
        _ => Ok(answer),
    }
}

/// A call under way. If it is dropped, the browser went away, and nothing is known about the
/// provider.
struct Call<'a> {
    calls: &'a Calls,
    pass: Pass,
}

impl Call<'_> {
    /// Records the outcome. A call that is dropped before has none.
    fn ends(self, outcome: Outcome) {
        let now = self.calls.clock.monotonic();
        self.calls.circuits().note(&self.pass, outcome, now);
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.calls.circuits().release(&self.pass);
    }
}
