//! Events that wait for the provider's keys. A task verifies them later, because the provider may
//! not send them again.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::time::sleep;

use super::handling;
use crate::calls::{Purpose, within};
use crate::flow::{Flow, Registered};

/// The time for one reading of the keys. A sign-in that needs the same keys waits for the same
/// reading, so it must not take long.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Starts the task that verifies the kept events of a provider until none is left.
pub(crate) fn watch(flow: &Arc<Flow>, provider: &Arc<Registered>) {
    let watching = Watching {
        flow: Arc::downgrade(flow),
        provider: Arc::clone(provider),
        is_over: false,
    };
    tokio::spawn(watching.run());
}

/// The task. Between two readings it holds only a `Weak` of the layer, so it does not keep the
/// layer alive.
struct Watching {
    flow: Weak<Flow>,
    provider: Arc<Registered>,
    /// Whether no event is left. If the task is dropped earlier, the provider's client is informed,
    /// and the next event that is kept starts another task.
    is_over: bool,
}

/// The task may be dropped with its runtime. The next event that is kept then starts another task.
impl Drop for Watching {
    fn drop(&mut self) {
        if !self.is_over {
            self.provider.client.deferred_task_ended();
        }
    }
}

impl Watching {
    /// Verifies the kept events again and again, until none is left or the layer is dropped.
    async fn run(mut self) {
        while let Some(flow) = self.flow.upgrade() {
            let Some(pause) = verify(&flow, &self.provider).await else {
                self.is_over = true;
                return;
            };
            drop(flow);
            sleep(pause).await;
        }
    }
}

/// Verifies the kept events once. Returns the pause before the next reading, or `None` if no event
/// is left.
async fn verify(flow: &Arc<Flow>, provider: &Arc<Registered>) -> Option<Duration> {
    let name = &*provider.name;
    let verifying = provider.client.verify_deferred();
    let result = within(Purpose::Event, provider.time.min(TIMEOUT), verifying).await;
    // The tokens were refused by keys that are known now. Each gets its own line in the audit log.
    for _ in 0..result.refused {
        flow.config.audit.event_refused(name, "signature");
    }
    if result.late > 0 {
        tracing::error!(
            provider = name,
            tokens = result.late,
            "logout tokens were not verified: the provider's keys could not be read for five minutes; the sessions that \
             they name stay valid"
        );
    }
    for event in result.verified {
        tracing::info!(
            provider = name,
            "a logout token that was kept is verified with keys that were read since"
        );
        // The event is handled in a task of its own. A copy of it may have been handled meanwhile.
        let _ = handling::begin(flow, provider, event);
    }
    result.next
}
