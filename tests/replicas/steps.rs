//! Phone steps over two replicas with one store.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use http::StatusCode;
use redis::cmd;
use tokio::sync::Barrier;
use tower_phone_auth::{
    OAuthLayer,
    phone_step::{AttemptStore, PhoneLimits, PhoneStep},
};

use crate::{
    kit::{NUMBER, Outbox, begin, code, number, other_than, resend, retry_after},
    setup::{Kind, Server, over_both},
    support::{
        browser::{Browser, Page, location, text},
        clients::Clients as _,
        replicas::{LogConnection, Replica, Replicas},
        shop::{ORIGIN, routes},
    },
};

over_both!(
    a_step_begins_at_one_replica_and_ends_at_the_other,
    five_wrong_codes_over_both_replicas_end_the_step,
    of_fifty_parallel_guesses_over_both_replicas_five_are_compared,
    without_the_store_no_user_is_signed_in,
    a_store_that_was_emptied_ends_the_step,
    a_clock_set_back_at_one_replica_revives_no_code,
    a_user_of_redis_needs_only_the_documented_permissions,
    a_store_that_is_full_refuses,
    a_rebuilt_layer_keeps_the_store_and_its_name,
);

/// The way to the step. There are two providers.
const LOGIN: &str = "/auth/login?provider=kakao&return_to=/deep";

/// Two replicas whose steps are in one store. Their revocations are not, so that a fault of the
/// store is no fault of the log.
struct Pair {
    /// The provider runs until it is dropped.
    _shop: Replicas,
    outbox: Outbox,
    a: Replica,
    b: Replica,
}

impl Pair {
    async fn new(url: &str) -> Self {
        let (shop, outbox) = (Replicas::new().await, Outbox::default());
        let replica = || {
            let log = LogConnection::to(&shop.log);
            let step = step(&outbox).attempts(AttemptStore::redis(url).unwrap());
            shop.start_with(log, |builder| builder.phone_step(step))
        };
        let (a, b) = (replica(), replica());
        for replica in [&a, &b] {
            replica.layer.warm_up().await.unwrap();
        }
        Self {
            _shop: shop,
            outbox,
            a,
            b,
        }
    }

    /// A browser at replica B that began at A, and has got a message.
    async fn asked(&self) -> Browser {
        let mut browser = self.a.browser();
        begin(&mut browser, LOGIN).await;
        browser.moves_to(self.b.app.clone());
        let sent = number(&mut browser, NUMBER).await;
        assert_eq!(location(&sent), "/auth/phone/code", "{}", text(&sent));
        browser
    }

    /// Copies of a browser, in turn at both replicas.
    fn copies(&self, of: &Browser, count: usize) -> Vec<Browser> {
        let copy = |index: usize| {
            let mut copy = [&self.a, &self.b][index % 2].browser();
            copy.cookies.clone_from(&of.cookies);
            copy
        };
        (0..count).map(copy).collect()
    }
}

fn step(outbox: &Outbox) -> PhoneStep {
    PhoneStep::new(outbox.clone()).limits(PhoneLimits::new().total(3))
}

fn is_over(page: &Page) -> bool {
    page.status() == StatusCode::FORBIDDEN && text(page).contains("/auth/login")
}

async fn a_step_begins_at_one_replica_and_ends_at_the_other(kind: Kind) {
    let server = Server::start(kind);
    let pair = Pair::new(&server.url()).await;
    let mut browser = pair.asked().await;
    browser.moves_to(pair.a.app.clone());
    // The wait counts at both.
    let early = resend(&mut browser).await;
    assert_eq!(early.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(retry_after(&early) > 0);
    let old = browser.cookies.clone();
    let right = pair.outbox.code();
    assert_eq!(location(&code(&mut browser, &right).await), "/deep");
    assert_eq!(text(&browser.visit("/").await), "+821023456789");
    // The code was used, so it is of no use at the other replica.
    let mut copy = pair.b.browser();
    copy.cookies = old;
    let page = code(&mut copy, &right).await;
    assert!(
        is_over(&page) && copy.session().is_none(),
        "{}",
        text(&page)
    );
    assert_eq!(pair.outbox.count(), 1);
}

async fn five_wrong_codes_over_both_replicas_end_the_step(kind: Kind) {
    let server = Server::start(kind);
    let pair = Pair::new(&server.url()).await;
    let browser = pair.asked().await;
    let right = pair.outbox.code();
    let copies = pair.copies(&browser, 5);
    let left = [
        "4 more tries",
        "3 more tries",
        "2 more tries",
        "one more try",
    ];
    for (index, mut copy) in copies.into_iter().enumerate() {
        let page = code(&mut copy, &other_than(&right)).await;
        match left.get(index) {
            Some(left) => assert!(text(&page).contains(left), "{}", text(&page)),
            None => assert!(is_over(&page), "{}", text(&page)),
        }
    }
    for mut copy in pair.copies(&browser, 2) {
        assert!(is_over(&code(&mut copy, &right).await));
        assert!(copy.session().is_none());
    }
}

async fn of_fifty_parallel_guesses_over_both_replicas_five_are_compared(kind: Kind) {
    let server = Server::start(kind);
    let pair = Pair::new(&server.url()).await;
    let browser = pair.asked().await;
    let right = pair.outbox.code();
    let start = Arc::new(Barrier::new(50));
    let guesses = pair.copies(&browser, 50).into_iter().map(|mut copy| {
        let (start, wrong) = (Arc::clone(&start), other_than(&right));
        tokio::spawn(async move {
            start.wait().await;
            code(&mut copy, &wrong).await
        })
    });
    let pages = join_all(guesses).await.into_iter().map(Result::unwrap);
    let compared = pages.filter(|page| page.status() == StatusCode::UNPROCESSABLE_ENTITY);
    // The fifth is answered as the end of the step.
    assert_eq!(compared.count(), 4);
    for mut copy in pair.copies(&browser, 2) {
        assert!(is_over(&code(&mut copy, &right).await));
    }
}

async fn without_the_store_no_user_is_signed_in(kind: Kind) {
    let mut server = Server::start(kind);
    let pair = Pair::new(&server.url()).await;
    let mut browser = pair.asked().await;
    let mut other = pair.a.browser();
    begin(&mut other, LOGIN).await;
    server.kill();
    let right = pair.outbox.code();
    for page in [
        code(&mut browser, &right).await,
        resend(&mut browser).await,
        number(&mut browser, NUMBER).await,
        browser.visit("/auth/phone/code").await,
        number(&mut other, "010-9876-5432").await,
    ] {
        assert_eq!(
            page.status(),
            StatusCode::SERVICE_UNAVAILABLE,
            "{}",
            text(&page)
        );
        assert!(retry_after(&page) > 0);
    }
    assert!(browser.session().is_none() && other.session().is_none());
    assert_eq!(pair.outbox.count(), 1);
    // With the store, the steps go on, except for the one that it lost.
    server.restart_empty();
    assert!(is_over(&code(&mut browser, &right).await));
    let sent = number(&mut other, "010-9876-5432").await;
    assert_eq!(location(&sent), "/auth/phone/code", "{}", text(&sent));
}

async fn a_store_that_was_emptied_ends_the_step(kind: Kind) {
    let server = Server::start(kind);
    let pair = Pair::new(&server.url()).await;
    let browser = pair.asked().await;
    let _: redis::Value = cmd("FLUSHALL").query(&mut server.operator()).unwrap();
    let right = pair.outbox.code();
    for mut copy in pair.copies(&browser, 2) {
        let page = code(&mut copy, &right).await;
        assert!(
            is_over(&page) && copy.session().is_none(),
            "{}",
            text(&page)
        );
    }
    for mut copy in pair.copies(&browser, 2) {
        assert!(is_over(&resend(&mut copy).await));
    }
    assert_eq!(pair.outbox.count(), 1);
}

async fn a_clock_set_back_at_one_replica_revives_no_code(kind: Kind) {
    let server = Server::start(kind);
    let pair = Pair::new(&server.url()).await;
    let mut browser = pair.asked().await;
    let right = pair.outbox.code();
    pair.b.time.set_forward(Duration::from_secs(301));
    let page = code(&mut browser, &right).await;
    assert!(text(&page).contains("no longer valid"), "{}", text(&page));
    // The clock of the other replica is five minutes behind, and is set back further.
    for back in [0, 3600] {
        pair.a.time.set_back(Duration::from_secs(back));
        browser.moves_to(pair.a.app.clone());
        let page = code(&mut browser, &right).await;
        assert!(text(&page).contains("no longer valid"), "{}", text(&page));
    }
    assert!(browser.session().is_none());
}

/// A user of the server with the permissions of the documentation, and one with a command less.
async fn a_user_of_redis_needs_only_the_documented_permissions(kind: Kind) {
    let server = Server::start(kind);
    let permit = |rules: &str| {
        let mut user = cmd("ACL");
        user.arg("SETUSER").arg("shop");
        for rule in rules.split_whitespace() {
            user.arg(rule);
        }
        let _: redis::Value = user.query(&mut server.operator()).unwrap();
    };
    permit("reset on >word %RW~{phone-auth-steps}* +eval +get +set +del +append +expire +time");
    let pair = Pair::new(&format!("redis://shop:word@127.0.0.1:{}", server.port)).await;
    let mut browser = pair.a.browser();
    begin(&mut browser, LOGIN).await;
    pair.outbox
        .fail_next(tower_phone_auth::phone_step::SendErrorKind::Refused);
    let refused = number(&mut browser, NUMBER).await;
    assert_eq!(refused.status(), StatusCode::BAD_GATEWAY);
    number(&mut browser, NUMBER).await;
    code(&mut browser, &other_than(&pair.outbox.code())).await;
    permit("-get");
    let page = code(&mut browser, &pair.outbox.code()).await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    permit("+get");
    assert_eq!(
        location(&code(&mut browser, &pair.outbox.code()).await),
        "/deep"
    );
}

async fn a_store_that_is_full_refuses(kind: Kind) {
    let server = Server::start(kind);
    let pair = Pair::new(&server.url()).await;
    let mut browser = pair.a.browser();
    begin(&mut browser, LOGIN).await;
    let most = |bytes: &str| {
        let set = cmd("CONFIG")
            .arg("SET")
            .arg("maxmemory")
            .arg(bytes)
            .to_owned();
        let _: redis::Value = set.query(&mut server.operator()).unwrap();
    };
    most("1");
    let page = number(&mut browser, NUMBER).await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(pair.outbox.count(), 0);
    most("0");
    let sent = number(&mut browser, NUMBER).await;
    assert_eq!(location(&sent), "/auth/phone/code");
    most("1");
    // A code that cannot be counted is not compared.
    let page = code(&mut browser, &pair.outbox.code()).await;
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(browser.session().is_none());
    most("0");
    assert_eq!(
        location(&code(&mut browser, &pair.outbox.code()).await),
        "/deep"
    );
}

async fn a_rebuilt_layer_keeps_the_store_and_its_name(kind: Kind) {
    let server = Server::start(kind);
    let (shop, outbox) = (Replicas::new().await, Outbox::default());
    let builder = |store: Option<AttemptStore>| {
        let step = step(&outbox);
        OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(shop.key.clone())
            .provider(shop.provider.kakao())
            .phone_step(match store {
                Some(store) => step.attempts(store),
                None => step,
            })
    };
    let store = AttemptStore::redis(&server.url()).unwrap();
    let layer = builder(Some(store.name("staff").unwrap())).build().unwrap();
    let mut browser = Browser::new(routes().layer(layer.clone()), ORIGIN);
    begin(&mut browser, LOGIN).await;
    number(&mut browser, NUMBER).await;
    let layer = layer.rebuilt(builder(None)).unwrap();
    browser.moves_to(routes().layer(layer));
    assert_eq!(location(&code(&mut browser, &outbox.code()).await), "/deep");
    let keys: Vec<Vec<u8>> = cmd("KEYS").arg("*").query(&mut server.operator()).unwrap();
    assert!(keys.iter().all(|key| key.starts_with(b"{staff}")));
    assert_eq!(keys.len(), 2);
}
