//! The events of the layer as metrics. Pass one of the two to `Builder::on_event`:
//!
//! ```
//! use tower_phone_auth::OAuthLayer;
//!
//! // A recorder of `metrics`, such as that of metrics-exporter-prometheus, is installed elsewhere.
//! let builder = OAuthLayer::builder().on_event(tower_phone_auth_metrics::facade::count);
//!
//! // An exporter of OpenTelemetry is set up elsewhere.
//! let meter = opentelemetry::global::meter("tower-phone-auth");
//! let counters = tower_phone_auth_metrics::otel::Counters::new(&meter);
//! let builder = OAuthLayer::builder().on_event(move |event| counters.count(event));
//! ```
//!
//! `dashboard.json` shows these metrics in Grafana, as Prometheus names them.

pub mod facade;
pub mod names;
pub mod otel;
