//! Two hundred clients over real sockets at one application on two replicas, axum and hyper, with a real Redis that is
//! killed twice: no unexpected status, memory flat, no task left.
//!
//! `cargo test --all-features --test soak -- --nocapture` runs for twenty seconds, `SOAK_SECONDS=600` before it for ten
//! minutes, `SOAK_CLIENTS` changes their number.

#![allow(clippy::unwrap_used, clippy::panic)]

mod application;
mod client;
mod ledger;
#[allow(dead_code)]
#[path = "../replicas/machines/server.rs"]
mod server;
#[allow(dead_code, unused_imports)]
#[path = "../it/support/mod.rs"]
mod support;

use std::{
    env,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    runtime::{Builder, Runtime},
    task::JoinSet,
    time::{sleep, timeout},
};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use self::{
    application::Application,
    client::{Client, PATIENCE},
    ledger::{Ledger, resident},
    server::{Kind, Server},
};

/// More than this is no noise of the allocator.
const GROWTH: usize = 24 * 1024 * 1024;
const TICK: Duration = Duration::from_millis(250);
/// When Redis dies, as shares of the whole time, and how long it is away.
const KILLED_AT: [f64; 2] = [0.2, 0.55];
const AWAY: Duration = Duration::from_millis(1500);
/// When the session key and the provider's keys change.
const KEYS_CHANGE_AT: [f64; 3] = [0.12, 0.45, 0.85];

fn setting(name: &str, default: u64) -> u64 {
    let given = env::var(name).ok();
    given.map_or(default, |text| text.parse().unwrap())
}

fn runtime() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn clients_come_and_go_and_nothing_is_left_of_them() {
    let span = Duration::from_secs(setting("SOAK_SECONDS", 20));
    let clients = setting("SOAK_CLIENTS", 200);
    let (application, world) = (runtime(), runtime());
    let ledger = Arc::new(Ledger::default());
    world.block_on(soak(&application, span, clients, &ledger));
    let tasks = application.metrics().num_alive_tasks();
    assert_eq!(tasks, 0, "tasks of the application are left");
    ledger.judge(GROWTH);
}

async fn soak(runtime: &Runtime, span: Duration, clients: u64, ledger: &Arc<Ledger>) {
    let mut redis = Server::start(Kind::Redis);
    let provider = LocalProvider::start().await.unwrap();
    // Each client is a person of its own, so that it alone ends its sessions.
    for person in 1..=clients {
        let phone = format!("+82 10-{:04}-{:04}", 2000 + person / 1000, person % 1000);
        provider.add_person(Person::new(person, "soak").phone(phone));
    }
    // A token that was signed just before a change stays good.
    provider.configure(|settings| settings.oidc.keeps_old_keys = true);
    let mut application = Application::open(runtime, &provider, &redis.url()).await;
    let mut running = JoinSet::new();
    for person in 1..=clients {
        let client = Client::new(person, &application, Arc::clone(ledger));
        running.spawn(client.run());
    }
    disturb(span, &mut redis, &provider, &mut application, ledger).await;
    ledger.stop();
    let ended = timeout(PATIENCE, async {
        while running.join_next().await.is_some() {}
    });
    ended.await.expect("a client hangs");
    application.close();
    let began = Instant::now();
    while runtime.metrics().num_alive_tasks() > 0 && began.elapsed() < PATIENCE {
        sleep(Duration::from_millis(20)).await;
    }
}

/// What happens around the clients, until the time is over.
async fn disturb(
    span: Duration,
    redis: &mut Server,
    provider: &LocalProvider,
    application: &mut Application,
    ledger: &Ledger,
) {
    let began = Instant::now();
    ledger.began();
    let (mut kills, mut changes) = (KILLED_AT.iter(), KEYS_CHANGE_AT.iter());
    let (mut next_kill, mut next_change) = (kills.next(), changes.next());
    while began.elapsed() < span || next_kill.is_some() || next_change.is_some() {
        let share = began.elapsed().as_secs_f64() / span.as_secs_f64();
        if next_kill.is_some_and(|at| share >= *at) {
            next_kill = kills.next();
            ledger.redis_is_away(true);
            redis.kill();
            sleep(AWAY).await;
            redis.restart_empty();
            ledger.redis_is_away(false);
        } else if next_change.is_some_and(|at| share >= *at) {
            next_change = changes.next();
            provider.rotate_keys();
            ledger.keys_change();
            application.changes_its_key().await;
            ledger.keys_change();
        }
        // The provider remembers what it was asked.
        provider.forget_requests();
        ledger.sample(resident());
        sleep(TICK).await;
    }
}
