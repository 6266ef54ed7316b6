//! The metrics of both examples, and the names on the dashboard.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Body, http::Request, routing::get};
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use serde_json::Value;
use tower::ServiceExt;
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey};
use tower_phone_auth_metrics::{facade, names, otel};

/// The names that a recorder was asked for.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<BTreeSet<String>>>);

impl Names {
    fn note(&self, key: &Key) {
        self.0.lock().unwrap().insert(key.name().to_owned());
    }
}

impl Recorder for Names {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        self.note(key);
        Counter::noop()
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        self.note(key);
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        self.note(key);
        Histogram::noop()
    }
}

/// The texts of `expr` in the dashboard.
fn expressions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "expr" => found.push(text.clone()),
                    value => expressions(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| expressions(value, found)),
        _ => {}
    }
}

/// The name of a metric without the endings of a histogram in Prometheus.
fn plain(name: &str) -> &str {
    let endings = ["_bucket", "_count", "_sum"];
    endings
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name)
}

#[test]
fn the_dashboard_shows_each_metric_and_no_other() {
    let text = include_str!("../dashboard.json");
    let mut found = Vec::new();
    expressions(&serde_json::from_str(text).unwrap(), &mut found);
    let words = found
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    let shown: BTreeSet<_> = words
        .filter(|word| word.starts_with("auth_"))
        .map(plain)
        .collect();
    assert_eq!(shown, BTreeSet::from(names::ALL));
}

#[tokio::test(flavor = "current_thread")]
async fn events_of_a_layer_become_metrics_of_these_names() {
    let recorded = Names::default();
    let _guard = metrics::set_default_local_recorder(&recorded);
    let counters = otel::Counters::new(&opentelemetry::global::meter("test"));
    let auth = OAuthLayer::builder()
        .public_url("http://127.0.0.1:3000")
        .session_key(SessionKey::random())
        .provider(Kakao::new("key", "secret"))
        .on_event(move |event| {
            facade::count(event);
            counters.count(event);
        })
        .build()
        .unwrap();
    let app = Router::new()
        .route("/", get(async || "home"))
        .layer(auth.clone());
    for path in ["/", "/auth/callback/kakao?code=c&state=s"] {
        let request = Request::get(path).header("accept", "text/html");
        let request = request.body(Body::empty()).unwrap();
        app.clone().oneshot(request).await.unwrap();
    }
    auth.revoke("kakao", "1").await.unwrap();
    let recorded = recorded.0.lock().unwrap().clone();
    let expected = [names::BEGUN, names::REFUSED, names::ENDED];
    assert_eq!(recorded, expected.map(str::to_owned).into());
}
