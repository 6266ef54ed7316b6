//! Endpoints by harms.

use futures_util::{StreamExt, stream};
use tower_phone_auth::local_provider::Endpoint;

use super::{
    harm::{self, Harm},
    world::{Dialect, ENDPOINTS, World},
};

/// So many rows at once: more of them would leave no processor to the provider.
const AT_ONCE: usize = 6;

async fn row(world: World, endpoint: Endpoint, harm: Harm) {
    let case = format!("{:?} {endpoint:?} {harm:?}", world.dialect);
    world.shop.provider.fail(endpoint, harm.fault());
    if harm.refuses() {
        world.refuses_in_time(&case).await;
    } else {
        world.next_sign_in_works(&case).await;
    }
    world.session_goes_on(&case).await;
    world.shop.provider.heal(endpoint);
    world.next_sign_in_works(&case).await;
}

#[tokio::test]
async fn every_endpoint_may_fail_in_every_way() {
    // The process makes its keys now, and not within the limit; so does each shop with its TLS.
    let keys = World::open(Dialect::OpenId).await;
    keys.next_sign_in_works("keys").await;
    let mut rows = Vec::new();
    for (dialect, endpoint) in ENDPOINTS {
        for harm in harm::ALL {
            rows.push(row(World::open(dialect).await, endpoint, harm));
        }
    }
    let expected = rows.len();
    let done = stream::iter(rows).buffer_unordered(AT_ONCE).count().await;
    assert_eq!(done, expected);
}
