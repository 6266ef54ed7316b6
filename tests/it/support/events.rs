//! The log events of the test's thread, with their names and fields.

use std::{
    collections::BTreeMap,
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
};

use tower_phone_auth::audit::AUDIT_TARGET;
use tracing::{
    Dispatch, Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
    subscriber::{DefaultGuard, Interest, NoSubscriber},
};

/// One event of the log, at any level.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    pub(crate) target: &'static str,
    pub(crate) level: Level,
    pub(crate) fields: BTreeMap<&'static str, String>,
}

/// Captures events until it is dropped. On a current-thread runtime these are all events of the
/// test.
pub(crate) struct Events {
    lines: Arc<Mutex<Vec<Line>>>,
    _guard: DefaultGuard,
    _second: Dispatch,
}

impl Events {
    pub(crate) fn capture() -> Self {
        let lines = Arc::<Mutex<Vec<Line>>>::default();
        Self {
            _guard: tracing::subscriber::set_default(Capture(Arc::clone(&lines))),
            lines,
            // With one dispatch alone, tracing caches the interest of the first thread.
            _second: Dispatch::new(NoSubscriber::default()),
        }
    }

    pub(crate) fn all(&self) -> Vec<Line> {
        self.lines.lock().unwrap().clone()
    }

    /// The audit events of this name.
    pub(crate) fn audit(&self, name: &str) -> Vec<Line> {
        let mut lines = self.all();
        lines.retain(|line| line.target == AUDIT_TARGET && line.name == name);
        lines
    }

    /// All events in one text.
    pub(crate) fn text(&self) -> String {
        self.all().iter().fold(String::new(), |mut text, line| {
            writeln!(text, "{line:?}").unwrap();
            text
        })
    }
}

impl Line {
    pub(crate) fn field(&self, name: &str) -> &str {
        let value = self.fields.get(name);
        value.unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }
}

struct Capture(Arc<Mutex<Vec<Line>>>);

impl Subscriber for Capture {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let metadata = event.metadata();
        self.0.lock().unwrap().push(Line {
            name: metadata.name(),
            target: metadata.target(),
            level: *metadata.level(),
            fields: fields.0,
        });
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[derive(Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}
