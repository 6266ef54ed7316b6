//! A soak test: two hundred clients over real sockets, one application on two replicas (axum and
//! hyper), and a real Redis that is killed twice. No status may be unexpected, memory may not grow,
//! and no task may be left.
//!
//! `cargo test --all-features --test soak -- --nocapture` runs for twenty seconds. The variables
//! `SOAK_SECONDS` and `SOAK_CLIENTS` change its duration and the number of clients.

#![allow(clippy::unwrap_used, clippy::panic)]

mod application;
mod client;
mod ledger;
#[allow(dead_code)]
#[path = "../replicas/setup/server.rs"]
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
    client::{Client, TIMEOUT},
    ledger::{Ledger, resident},
    server::{Kind, Server},
};

/// The growth of memory, in bytes, that allocator noise can explain.
const GROWTH: usize = 24 * 1024 * 1024;
const TICK: Duration = Duration::from_millis(250);
/// When Redis is killed, as shares of the whole time.
const KILLED_AT: [f64; 2] = [0.2, 0.55];
/// How long Redis stays away.
const AWAY: Duration = Duration::from_millis(1500);
/// When the session key and the provider's keys change, as shares of the whole time.
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
fn clients_come_and_go_and_leave_no_task_or_memory() {
    let span = Duration::from_secs(setting("SOAK_SECONDS", 20));
    let clients = setting("SOAK_CLIENTS", 200);
    let (application, world) = (runtime(), runtime());
    let ledger = Arc::new(Ledger::default());
    world.block_on(soak(&application, span, clients, &ledger));
    let tasks = application.metrics().num_alive_tasks();
    assert_eq!(tasks, 0, "tasks of the application are left");
    ledger.verify(GROWTH);
}

async fn soak(runtime: &Runtime, span: Duration, clients: u64, ledger: &Arc<Ledger>) {
    let mut redis = Server::start(Kind::Redis);
    let provider = LocalProvider::start().await.unwrap();
    // Each client has its own account, so that no other client ends its sessions.
    for person in 1..=clients {
        let phone = format!("+82 10-{:04}-{:04}", 2000 + person / 1000, person % 1000);
        provider.add_person(Person::new(person, "soak").phone(phone));
    }
    // A token that was signed just before a change of keys stays valid.
    provider.configure(|settings| settings.oidc.keeps_old_keys = true);
    let mut application = Application::open(runtime, &provider, &redis.url()).await;
    let mut running = JoinSet::new();
    for person in 1..=clients {
        let client = Client::new(person, &application, Arc::clone(ledger));
        running.spawn(client.run());
    }
    disturb(span, &mut redis, &provider, &mut application, ledger).await;
    ledger.stop();
    let ended = timeout(TIMEOUT, async {
        while running.join_next().await.is_some() {}
    });
    ended.await.expect("a client hangs");
    application.close();
    let began = Instant::now();
    while runtime.metrics().num_alive_tasks() > 0 && began.elapsed() < TIMEOUT {
        sleep(Duration::from_millis(20)).await;
    }
}

/// Kills Redis and changes keys until the time is over.
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
        // The local provider records its requests, which would count as growth.
        provider.forget_requests();
        ledger.sample(resident());
        sleep(TICK).await;
    }
}
