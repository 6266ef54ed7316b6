//! For the `metrics` facade.

use metrics::{counter, gauge, histogram};
use tower_phone_auth::hooks::AuthEvent;

use crate::names::{BEGUN, CALLS, ENDED, REFUSED, RENEWED, SIGNED_IN, STALE};

/// Counts one event. Labels have few values, so that no metric grows without a bound.
pub fn count(event: &AuthEvent<'_>) {
    match *event {
        AuthEvent::SignInBegun { provider, .. } => one(BEGUN, provider),
        AuthEvent::SignedIn { provider, .. } => one(SIGNED_IN, provider),
        AuthEvent::Renewed { provider, .. } => one(RENEWED, provider),
        AuthEvent::Refused { provider, kind, .. } => {
            let provider = provider.unwrap_or("none").to_owned();
            let kind = format!("{kind:?}");
            counter!(REFUSED, "provider" => provider, "kind" => kind).increment(1);
        }
        AuthEvent::ProviderCalled {
            provider,
            call,
            duration,
            outcome,
            ..
        } => {
            let (provider, outcome) = (provider.to_owned(), outcome.as_str());
            histogram!(CALLS, "provider" => provider, "call" => call, "outcome" => outcome)
                .record(duration.as_secs_f64());
        }
        AuthEvent::Ended { by, everywhere, .. } => {
            let everywhere = if everywhere { "true" } else { "false" };
            counter!(ENDED, "by" => by.as_str(), "everywhere" => everywhere).increment(1);
        }
        AuthEvent::Stale { is_stale, .. } => gauge!(STALE).set(f64::from(u8::from(is_stale))),
        // Later versions have more events.
        _ => {}
    }
}

fn one(name: &'static str, provider: &str) {
    counter!(name, "provider" => provider.to_owned()).increment(1);
}
