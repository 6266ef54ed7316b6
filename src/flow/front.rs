//! `/auth/events/{provider}/front`: OpenID Connect Front-Channel Logout 1.0, in a frame of the provider's page.

use std::sync::{Mutex, PoisonError};

use http::{Method, StatusCode, request::Parts};

use super::{Flow, Journey, Registered};
use crate::{clock::UnixTime, reply::Reply, session_id::ProviderSession};

/// So many at once, and so many more each second: anybody can ask, and each is kept as long as a session.
const BURST: u64 = 50;
const EACH_SECOND: u64 = 2;

/// What may be asked at the moment.
#[derive(Debug, Default)]
pub(super) struct Allowance(Mutex<Spent>);

#[derive(Debug, Default)]
struct Spent {
    number: u64,
    at: u64,
}

impl Allowance {
    fn spend(&self, now: UnixTime) -> bool {
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now.as_secs();
        let since = now.saturating_sub(spent.at);
        spent.number = spent
            .number
            .saturating_sub(since.saturating_mul(EACH_SECOND));
        spent.at = now;
        let granted = spent.number < BURST;
        spent.number += u64::from(granted);
        granted
    }
}

impl Flow {
    /// What a request to `/auth/events/{name}/front` is.
    pub(super) fn front(&self, method: &Method, name: &str) -> Journey {
        let provider = self.providers.iter().position(|known| &*known.name == name);
        let known = provider.and_then(|index| self.providers.get(index));
        match provider.filter(|_| known.is_some_and(|known| known.dialect.logs_out_in_frames())) {
            Some(provider) if method == Method::GET => Journey::Front { provider },
            Some(_) => Journey::MethodNotAllowed("GET"),
            None => Journey::NotFound,
        }
    }
}

/// No cookie of ours is sent into a frame of another site: the session is the one that the provider names. Its name is
/// a secret of the provider, this browser and this application (section 3).
pub(super) async fn answer(flow: &Flow, provider: &Registered, head: &Parts) -> Reply {
    let name = &*provider.name;
    let query = head.uri.query().unwrap_or_default();
    let session = once(query, "sid").filter(|sid| ProviderSession::of(sid).is_some());
    let issuer = once(query, "iss");
    let (Some(session), Some(true)) = (session, issuer.map(|iss| provider.dialect.is_issuer(&iss)))
    else {
        tracing::warn!(provider = name, "front-channel logout refused: iss or sid");
        return Reply::empty(StatusCode::BAD_REQUEST);
    };
    let now = flow.config.clock.unix();
    if !flow.frames.spend(now) {
        tracing::warn!(provider = name, "front-channel logout refused: too many");
        return Reply::empty(StatusCode::TOO_MANY_REQUESTS);
    }
    match flow.end_provider_session(provider, &session, now).await {
        Ok(()) => Reply::html(StatusCode::OK, String::new()),
        Err(error) => {
            tracing::error!(
                provider = name,
                "a front-channel logout is not known everywhere: {error}"
            );
            Reply::empty(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

fn once(query: &str, name: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    let (_, value) = values.next()?;
    values.next().is_none().then(|| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_granted_and_then_so_many_each_second() {
        let allowance = Allowance::default();
        let granted = |now| {
            let now = UnixTime::from_secs(now);
            (0..100).filter(|_| allowance.spend(now)).count()
        };
        assert_eq!(granted(1000), 50);
        assert_eq!(granted(1003), 6);
        // A clock that was set back grants nothing.
        assert_eq!(granted(900), 0);
        assert_eq!(granted(5000), 50);
    }
}
