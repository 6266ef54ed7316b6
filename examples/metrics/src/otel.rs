//! For OpenTelemetry.

use opentelemetry::{
    KeyValue,
    metrics::{Counter, Gauge, Histogram, Meter},
};
use tower_phone_auth::hooks::AuthEvent;

use crate::names::{BEGUN, CALLS, ENDED, REFUSED, RENEWED, SIGNED_IN, STALE};

/// The instruments.
#[derive(Debug)]
pub struct Counters {
    begun: Counter<u64>,
    signed_in: Counter<u64>,
    refused: Counter<u64>,
    calls: Histogram<f64>,
    renewed: Counter<u64>,
    ended: Counter<u64>,
    stale: Gauge<u64>,
}

impl Counters {
    /// Makes the instruments. An exporter for Prometheus adds `_total` to counters by itself, so
    /// their names have none here.
    #[must_use]
    pub fn new(meter: &Meter) -> Self {
        let counter = |name: &'static str| {
            let name = name.strip_suffix("_total").unwrap_or(name);
            meter.u64_counter(name).build()
        };
        let calls = CALLS.strip_suffix("_seconds").unwrap_or(CALLS);
        Self {
            begun: counter(BEGUN),
            signed_in: counter(SIGNED_IN),
            refused: counter(REFUSED),
            calls: meter.f64_histogram(calls).with_unit("s").build(),
            renewed: counter(RENEWED),
            ended: counter(ENDED),
            stale: meter.u64_gauge(STALE).build(),
        }
    }

    /// Counts one event.
    pub fn count(&self, event: &AuthEvent<'_>) {
        let of = |provider: &str| KeyValue::new("provider", provider.to_owned());
        match *event {
            AuthEvent::SignInBegun { provider, .. } => self.begun.add(1, &[of(provider)]),
            AuthEvent::SignedIn { provider, .. } => self.signed_in.add(1, &[of(provider)]),
            AuthEvent::Renewed { provider, .. } => self.renewed.add(1, &[of(provider)]),
            AuthEvent::Refused { provider, kind, .. } => {
                let kind = KeyValue::new("kind", format!("{kind:?}"));
                self.refused.add(1, &[of(provider.unwrap_or("none")), kind]);
            }
            AuthEvent::ProviderCalled {
                provider,
                call,
                duration,
                outcome,
                ..
            } => {
                let call = KeyValue::new("call", call);
                let outcome = KeyValue::new("outcome", outcome.as_str());
                self.calls
                    .record(duration.as_secs_f64(), &[of(provider), call, outcome]);
            }
            AuthEvent::Ended { by, everywhere, .. } => {
                let by = KeyValue::new("by", by.as_str());
                self.ended
                    .add(1, &[by, KeyValue::new("everywhere", everywhere)]);
            }
            AuthEvent::Stale { is_stale, .. } => self.stale.record(u64::from(is_stale), &[]),
            // Later versions have more events.
            _ => {}
        }
    }
}
