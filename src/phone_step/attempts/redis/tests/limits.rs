//! Limits in Redis.

use std::time::Duration;

use futures_util::future::join_all;

use super::{Server, at, request, step};
use crate::phone_step::{
    AttemptStore,
    attempts::operation::{Outcome, Take, Taken},
    keys::{Hashes, NumberId, Tag},
    limits::{Limit, PhoneLimits},
};

#[tokio::test(flavor = "multi_thread")]
async fn requests_at_once_on_two_replicas_do_not_pass_a_limit() {
    let server = Server::start(&[]);
    let replicas = [server.store(), server.store()];
    let limits = PhoneLimits::new().total(7);
    let ask = |index: u32| {
        let (replica, limits) = (&replicas[index as usize % 2], &limits);
        async move {
            let step = step(index);
            replica
                .take(&request(&step, index, limits), at(0))
                .await
                .unwrap()
        }
    };
    let answers = join_all((0..50).map(ask)).await;
    let granted = answers
        .iter()
        .filter(|answer| matches!(answer, Taken::Granted(_)));
    assert_eq!(granted.count(), 7);
    let others = answers
        .iter()
        .filter(|answer| matches!(answer, Taken::Total { .. }));
    assert_eq!(others.count(), 43);
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_get_as_many_messages_as_the_limits_permit() {
    let server = Server::start(&[]);
    let (store, limits) = (server.store(), PhoneLimits::new());
    let mut granted = 0;
    let mut refused = Vec::new();
    for index in 0..1000 {
        let id = step(index);
        let mut take = request(&id, index, &limits);
        take.charges.address = Tag([9; 4]);
        match store.take(&take, at(0)).await.unwrap() {
            Taken::Granted(_) => granted += 1,
            Taken::OverLimit { which, .. } => refused.push(which),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(granted, 20);
    assert!(refused.iter().all(|which| *which == Limit::Address));
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_calls_and_messages_under_a_retired_key_count() {
    let server = Server::start(&[]);
    let (store, limits) = (server.store(), PhoneLimits::new());
    let mut refused = 0;
    loop {
        let id = step(refused);
        let mut take = request(&id, refused, &limits);
        take.charges.person = Tag([9; 4]);
        match store.take(&take, at(0)).await.unwrap() {
            Taken::Granted(ticket) => store
                .settle(&id, &ticket, Outcome::Refused, at(0))
                .await
                .unwrap(),
            Taken::OverLimit { which, wait } => {
                assert_eq!(which, Limit::Person);
                assert!(wait > Duration::from_secs(3500), "{wait:?}");
                break;
            }
            other => panic!("{other:?}"),
        }
        refused += 1;
        assert!(refused < 100, "without end");
    }
    assert_eq!(refused, 20);
    let left: Vec<u8> = server.query(&[b"GET", store.keys.messages.as_bytes()]);
    assert!(left.is_empty());
    // Five messages to a number, then a sixth under a new key.
    let mut number = 0;
    for index in 100..105 {
        let id = step(index);
        let mut take = request(&id, index, &limits);
        take.charges.number = Tag([8; 4]);
        number += u32::from(matches!(
            store.take(&take, at(0)).await,
            Ok(Taken::Granted(_))
        ));
    }
    assert_eq!(number, 5);
    let id = step(200);
    let mut old = request(&id, 201, &limits).charges;
    old.number = Tag([8; 4]);
    let retired = [Hashes {
        number: NumberId([0; 8]),
        charges: old,
    }];
    let take = Take {
        retired: &retired,
        ..request(&id, 200, &limits)
    };
    let taken = store.take(&take, at(0)).await.unwrap();
    assert!(
        matches!(
            taken,
            Taken::OverLimit {
                which: Limit::Number,
                ..
            }
        ),
        "{taken:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn stores_with_other_names_share_neither_steps_nor_limits() {
    let server = Server::start(&[]);
    let limits = PhoneLimits::new().total(1);
    let store = server.store();
    let staff = store.name("staff-steps").unwrap();
    let id = step(1);
    let take = request(&id, 1, &limits);
    for store in [&store, &staff] {
        let taken = store.take(&take, at(0)).await.unwrap();
        assert!(matches!(taken, Taken::Granted(_)), "{taken:?}");
        let id = step(2);
        let taken = store.take(&request(&id, 2, &limits), at(0)).await.unwrap();
        assert!(matches!(taken, Taken::Total { .. }), "{taken:?}");
    }
    let keys: Vec<String> = server.query(&[b"KEYS", b"{staff-steps}*"]);
    let all: Vec<Vec<u8>> = server.query(&[b"KEYS", b"*"]);
    assert_eq!((keys.len(), all.len()), (2, 4));
}

#[test]
fn a_name_that_cannot_begin_keys_is_refused() {
    let store = || AttemptStore::redis("redis://127.0.0.1").unwrap();
    assert!(store().name("staff-steps").is_ok());
    for name in ["", "a b", "{a}", "직원", &"a".repeat(129)] {
        let error = store().name(name).unwrap_err().to_string();
        assert!(error.starts_with("name: "), "{error}");
    }
    let error = AttemptStore::in_process().name("staff").unwrap_err();
    assert!(error.to_string().contains("in process"), "{error}");
}
