//! Time-outs and broken connections stop the calls to an endpoint, as errors of the server do.

use std::time::Duration;

use http::header::RETRY_AFTER;
use tower_phone_auth::error::LoginErrorKind::ProviderBusy;
use tower_phone_auth_local_provider::Endpoint;

use super::{
    failure::Failure,
    world::{Dialect, World},
};
use crate::support::outcome::{login, refusal};

#[tokio::test]
async fn after_five_time_outs_or_broken_connections_nothing_is_sent_for_ten_seconds() {
    for (failure, status) in [
        (Failure::Hangs, 504),
        (Failure::Drips, 504),
        (Failure::Closes, 502),
        (Failure::Cut, 502),
    ] {
        let limit = Duration::from_millis(400);
        let world = World::with_limit(Dialect::Kakao, limit).await;
        let shop = &world.shop;
        shop.provider.fail(Endpoint::Token, failure.fault());
        for _ in 0..5 {
            let page = login(shop, []).await;
            assert_eq!(page.status(), status, "{failure:?}");
        }
        let calls = shop.provider.count(Endpoint::Token);
        let page = login(shop, []).await;
        assert_eq!(refusal(&page), (503, ProviderBusy, None), "{failure:?}");
        assert_eq!(page.headers()[RETRY_AFTER], "10");
        assert_eq!(shop.provider.count(Endpoint::Token), calls, "{failure:?}");
        let case = format!("{failure:?}");
        world.assert_session_works(&case).await;
        shop.provider.clear_faults(Endpoint::Token);
        world.assert_sign_in_works(&case).await;
    }
}
