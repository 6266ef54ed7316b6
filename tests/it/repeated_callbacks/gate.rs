use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};
use tower_phone_auth::Builder;

/// Stops a sign-in in the hook, which runs after the exchange, until the gate opens.
#[derive(Clone)]
pub(super) struct Gate {
    arrived: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

impl Gate {
    pub(super) fn new() -> Self {
        Self {
            arrived: Arc::new(Semaphore::new(0)),
            open: Arc::new(Semaphore::new(0)),
        }
    }

    pub(super) fn stop_in(&self, builder: Builder) -> Builder {
        let gate = self.clone();
        builder.on_sign_in(move |_| {
            let gate = gate.clone();
            async move {
                gate.arrived.add_permits(1);
                gate.open.acquire().await.unwrap().forget();
                Ok(())
            }
        })
    }

    pub(super) async fn wait_for_one(&self) {
        self.arrived
            .acquire()
            .await
            .map(SemaphorePermit::forget)
            .unwrap();
    }

    pub(super) fn open_for_one(&self) {
        self.open.add_permits(1);
    }
}
