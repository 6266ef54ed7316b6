//! The calls to one provider: how many at once, how long, and none in vain while the provider is down.

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

/// The longest wait for a free place among the calls.
const QUEUE: Duration = Duration::from_secs(1);
/// After such a wait, the next second is as good as any.
const BUSY: Duration = Duration::from_secs(2);

/// How calls are made, as the settings say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The time for a callback, a page visit or a call outside both.
    pub(crate) time: Duration,
    /// So many calls at once to one provider.
    pub(crate) calls: usize,
}

/// The way out to one provider.
pub(crate) struct Calls {
    client: Arc<dyn HttpClient>,
    time: Duration,
    sign_ins: Semaphore,
    events: Semaphore,
    circuits: Mutex<Circuits>,
    difference: Arc<ClockDifference>,
    clock: Clock,
}

impl Calls {
    pub(crate) fn new(client: Arc<dyn HttpClient>, limits: Limits, clock: Clock) -> Self {
        // Anybody can post an event, and anybody can return with an invented code: neither takes the other's places.
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

    /// Whether a sign-in that begins now would probably fail: an endpoint that sign-ins need is not called at the moment.
    pub(crate) fn is_down(&self) -> bool {
        self.circuits().is_down(self.clock.monotonic())
    }

    /// The client alone: for the doctor, whose calls say nothing of sign-ins.
    pub(crate) fn client(&self) -> &dyn HttpClient {
        &*self.client
    }

    /// How far the provider's clock is from ours: what tokens show is kept with what answers show.
    pub(crate) fn difference(&self) -> Arc<ClockDifference> {
        Arc::clone(&self.difference)
    }

    /// The answer and the error both know the place of the call, for the log. The answer also knows what was sent, so that the log
    /// does not repeat it.
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

    async fn make(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        request
            .headers_mut()
            .insert(ACCEPT_ENCODING, encoding::IDENTITY);
        let scope = scope::current(self.time);
        let endpoint = circuit::endpoint(&request);
        self.circuits().check(&endpoint, self.clock.monotonic())?;
        let _permit = self.permit(scope.purpose, scope.deadline).await?;
        let pass = self
            .circuits()
            .admit(endpoint, scope.purpose, self.clock.monotonic())?;
        let call = Call { calls: self, pass };
        let answer = timeout_at(scope.deadline, self.client.send(request)).await;
        let answer = answer.unwrap_or(Err(HttpErrorKind::TimedOut.into()));
        call.ends(Outcome::of(&answer, scope.purpose));
        readable(answer?)
    }

    /// A place among the calls that are made at once.
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

/// An encoded page of a server in trouble says enough by its status.
fn readable(answer: Response<Bytes>) -> Result<Response<Bytes>, HttpError> {
    match encoding::unreadable(&answer) {
        Some(coding) if !answer.status().is_server_error() => {
            Err(HttpErrorKind::Encoded(coding).into())
        }
        _ => Ok(answer),
    }
}

/// A call under way. If it is dropped, the browser gave up, and nothing is known about the provider.
struct Call<'a> {
    calls: &'a Calls,
    pass: Pass,
}

impl Call<'_> {
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
