//! Events that are kept until the provider's keys are known. A task judges them: no further request may come.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::time::sleep;

use super::handling;
use crate::calls::{Purpose, within};
use crate::flow::Flow;

/// The time for one attempt: sign-ins that need the same keys wait for it.
const MOST: Duration = Duration::from_secs(2);

/// Judges what is kept of this provider until nothing is kept any more. It does not keep the layer alive.
pub(crate) fn watch(flow: &Arc<Flow>, index: usize) {
    let watching = Watching {
        flow: Arc::downgrade(flow),
        index,
        is_over: false,
    };
    tokio::spawn(watching.run());
}

struct Watching {
    flow: Weak<Flow>,
    index: usize,
    is_over: bool,
}

/// The task may end with its runtime: the next event that is kept then begins another one.
impl Drop for Watching {
    fn drop(&mut self) {
        if !self.is_over
            && let Some(flow) = self.flow.upgrade()
            && let Some(provider) = flow.providers.get(self.index)
        {
            provider.client.deferred_task_ended();
        }
    }
}

impl Watching {
    async fn run(mut self) {
        while let Some(flow) = self.flow.upgrade() {
            let Some(pause) = judge(&flow, self.index).await else {
                self.is_over = true;
                return;
            };
            drop(flow);
            sleep(pause).await;
        }
    }
}

/// When to judge again.
async fn judge(flow: &Arc<Flow>, index: usize) -> Option<Duration> {
    let provider = flow.providers.get(index)?;
    let name = &*provider.name;
    let judging = provider.client.verify_deferred();
    let judged = within(Purpose::Event, provider.time.min(MOST), judging).await;
    for _ in 0..judged.refused {
        flow.config.audit.event_refused(name, "signature");
    }
    if judged.late > 0 {
        tracing::error!(
            provider = name,
            tokens = judged.late,
            "logout tokens were not verified: the provider's keys could not be read for five minutes; the sessions that \
             they name live on"
        );
    }
    for event in judged.verified {
        tracing::info!(
            provider = name,
            "a logout token that was kept is verified with keys that were read since"
        );
        // It ends in a task of its own. A copy that came meanwhile has done that already.
        let _ = handling::begin(flow, index, name, event);
    }
    judged.next
}
