//! Every endpoint with every failure.

use futures_util::{StreamExt, stream};
use tower_phone_auth_local_provider::Endpoint;

use super::{
    failure::{self, Failure},
    world::{Dialect, ENDPOINTS, LIMIT, OPTIONAL, World},
};

/// The number of rows at once. More rows would leave no processor to the provider.
const AT_ONCE: usize = 6;

struct Row {
    world: World,
    endpoint: Endpoint,
    failure: Failure,
}

impl Row {
    async fn open(dialect: Dialect, endpoint: Endpoint, failure: Failure) -> Self {
        // A long timeout for failures that answer at once, so that busy cores fail no sign-in.
        let limit = if failure.takes_time() {
            LIMIT
        } else {
            30 * LIMIT
        };
        Self {
            world: World::with_limit(dialect, limit).await,
            endpoint,
            failure,
        }
    }

    fn case(&self) -> String {
        format!(
            "{:?} {:?} {:?}",
            self.world.dialect, self.endpoint, self.failure
        )
    }

    async fn fails(self) -> Self {
        let case = self.case();
        let provider = &self.world.shop.provider;
        provider.fail(self.endpoint, self.failure.fault());
        let is_needed = (self.world.dialect, self.endpoint) != OPTIONAL;
        if self.failure.refuses() && is_needed {
            self.world.assert_refused_in_time(&case).await;
        } else {
            self.world.assert_sign_in_works(&case).await;
        }
        self.world.assert_session_works(&case).await;
        provider.clear_faults(self.endpoint);
        self
    }
}

#[tokio::test]
async fn every_endpoint_may_fail_in_every_way() {
    // The keys of the process and the TLS of each shop are made now, outside of the timeout.
    World::with_long_timeout(Dialect::OpenId)
        .await
        .assert_sign_in_works("keys")
        .await;
    let mut rows = Vec::new();
    for (dialect, endpoint) in ENDPOINTS.into_iter().chain([OPTIONAL]) {
        for failure in failure::ALL {
            rows.push(Row::open(dialect, endpoint, failure).await.fails());
        }
    }
    let expected = rows.len();
    let failed: Vec<Row> = stream::iter(rows).buffer_unordered(AT_ONCE).collect().await;
    assert_eq!(failed.len(), expected);
    assert_eq!(failure::TRAP.connections(), 0, "a redirect was followed");
    // The sign-ins run one after the other, because each has a timeout of one second.
    for row in failed {
        row.world.assert_sign_in_works(&row.case()).await;
    }
}
