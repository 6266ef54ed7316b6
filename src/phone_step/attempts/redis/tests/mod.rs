//! The store with a real Redis: two replicas, a Cluster, a server that is lost.

use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use futures_util::future::join_all;
use tokio::sync::Barrier;

use super::InRedis;
use crate::{
    clock::UnixTime,
    phone_step::{
        attempts::operation::{Guess, Moment, Take, Taken},
        keys::{Charges, CodeHash, NumberId, StepId, Tag},
        limits::PhoneLimits,
    },
};

mod agreement;
mod limits;

const START: u64 = 1_800_000_000;
const STEP: StepId = StepId([7; 16]);

/// A server that ends when it is dropped.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(settings: &[&str]) -> Self {
        Self::at(free_port(), settings)
    }

    fn at(port: u16, settings: &[&str]) -> Self {
        let mut command = Command::new("redis-server");
        command.args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
        ]);
        command.args(settings).current_dir(std::env::temp_dir());
        let process = command.stdout(Stdio::null()).spawn().unwrap();
        let is_up = || TcpStream::connect(("127.0.0.1", port)).is_ok();
        assert!((0..500).any(|_| is_up() || {
            thread::sleep(Duration::from_millis(20));
            false
        }));
        Self { process, port }
    }

    fn store(&self) -> InRedis {
        InRedis::new(&format!("redis://127.0.0.1:{}", self.port)).unwrap()
    }

    fn query<T: redis::FromRedisValue>(&self, words: &[&[u8]]) -> T {
        let client = redis::Client::open(format!("redis://127.0.0.1:{}", self.port)).unwrap();
        let mut command = redis::Cmd::new();
        words.iter().for_each(|word| {
            command.arg(word);
        });
        command
            .query(&mut client.get_connection().unwrap())
            .unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn code(index: u32) -> CodeHash {
    CodeHash(u64::from(index).to_be_bytes())
}

fn request<'a>(step: &'a StepId, index: u32, limits: &'a PhoneLimits) -> Take<'a> {
    let tag = |kind: u8| {
        let [_, a, b, c] = index.to_be_bytes();
        Tag([kind, a, b, c])
    };
    Take {
        step,
        ends_at: UnixTime::from_secs(START + 15 * 3600),
        is_first: true,
        number: NumberId(u64::from(index).to_be_bytes()),
        code: Some(code(index)),
        charges: Charges {
            number: tag(1),
            person: tag(2),
            address: tag(3),
            prefix: tag(4),
        },
        retired: &[],
        limits,
    }
}

fn at(seconds: u64) -> Moment {
    Moment {
        wall: UnixTime::from_secs(START + seconds),
        monotonic: Duration::from_secs(seconds),
    }
}

fn step(index: u32) -> StepId {
    StepId(std::array::from_fn(|byte| index.to_be_bytes()[byte % 4]))
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_guesses_on_two_replicas_five_are_compared() {
    let server = Server::start(&[]);
    let replicas = [Arc::new(server.store()), Arc::new(server.store())];
    let limits = PhoneLimits::new();
    let taken = replicas[0]
        .take(&request(&STEP, 1, &limits), at(0))
        .await
        .unwrap();
    assert!(matches!(taken, Taken::Granted(_)));
    // With a connection each, all of them are on their way at once.
    for replica in &replicas {
        replica.state(&STEP, at(1)).await.unwrap();
    }
    let start = Arc::new(Barrier::new(50));
    let guess = |index: u32| {
        let (replica, start) = (
            Arc::clone(&replicas[index as usize % 2]),
            Arc::clone(&start),
        );
        tokio::spawn(async move {
            start.wait().await;
            let candidates = [code(100 + index)];
            replica.guess(&STEP, &candidates, at(1)).await.unwrap()
        })
    };
    let guesses: Result<Vec<Guess>, _> = join_all((0..50).map(guess)).await.into_iter().collect();
    let guesses = guesses.unwrap();
    let compared = guesses
        .iter()
        .filter(|guess| matches!(guess, Guess::Wrong { .. }));
    assert_eq!(compared.count(), 5);
    assert_eq!(
        replicas[1].guess(&STEP, &[code(1)], at(1)).await.unwrap(),
        Guess::Ended
    );
}

/// Another replica counted a wrong code between the reading and the writing of this one.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_changed_meanwhile_is_not_overwritten() {
    let server = Server::start(&[]);
    let (store, limits) = (server.store(), PhoneLimits::new());
    let take = request(&STEP, 1, &limits);
    store.take(&take, at(0)).await.unwrap();
    let found = store.read(&STEP, at(1)).await.unwrap();
    let guess = store.guess(&STEP, &[code(2)], at(1)).await;
    assert_eq!(guess.unwrap(), Guess::Wrong { left: 4 });
    let entry = found.entry.unwrap();
    let keys = &store.keys;
    let write = super::commands::write(keys, &STEP, &found, Some(&entry), entry.encode(), None);
    assert_eq!(store.server.write::<u64>(&write, "").await.unwrap(), 0);
    let take = super::commands::take(keys, &take, &found, &entry);
    assert_eq!(
        store.server.write::<Vec<u64>>(&take, "").await.unwrap(),
        [0]
    );
    let state = store.state(&STEP, at(1)).await.unwrap().unwrap();
    assert_eq!(state.tries_left, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_right_codes_on_two_replicas_one_wins() {
    let server = Server::start(&[]);
    let replicas = [server.store(), server.store()];
    let limits = PhoneLimits::new();
    replicas[0]
        .take(&request(&STEP, 1, &limits), at(0))
        .await
        .unwrap();
    let right = |replica: usize| {
        let replica = &replicas[replica];
        async move { replica.guess(&STEP, &[code(1)], at(1)).await.unwrap() }
    };
    let mut guesses = join_all([right(0), right(1)]).await;
    guesses.sort_by_key(|guess| *guess != Guess::Right);
    assert_eq!(guesses, [Guess::Right, Guess::Done]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_down_refuses_and_one_that_lost_the_step_ends_it() {
    let server = Server::start(&[]);
    let (port, limits) = (server.port, PhoneLimits::new());
    let store = server.store();
    store
        .take(&request(&STEP, 1, &limits), at(0))
        .await
        .unwrap();
    drop(server);
    let error = store.guess(&STEP, &[code(1)], at(1)).await.unwrap_err();
    assert!(error.to_string().contains("cannot be reached"), "{error}");
    assert!(
        store
            .take(&request(&STEP, 1, &limits), at(1))
            .await
            .is_err()
    );
    assert!(store.state(&STEP, at(1)).await.is_err());
    let _server = Server::at(port, &[]);
    assert_eq!(
        store.guess(&STEP, &[code(1)], at(1)).await.unwrap(),
        Guess::Lost
    );
    let later = Take {
        is_first: false,
        ..request(&STEP, 1, &limits)
    };
    assert!(matches!(
        store.take(&later, at(1)).await.unwrap(),
        Taken::Lost
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_works_as_a_store() {
    let bus = free_port().to_string();
    let file = format!("phone-step-{bus}.conf");
    let server = Server::start(&[
        "--cluster-enabled",
        "yes",
        "--cluster-port",
        &bus,
        "--cluster-config-file",
        &file,
    ]);
    let _: redis::Value = server.query(&[b"CLUSTER", b"ADDSLOTSRANGE", b"0", b"16383"]);
    let is_ok = || {
        server
            .query::<String>(&[b"CLUSTER", b"INFO"])
            .contains("cluster_state:ok")
    };
    assert!((0..500).any(|_| is_ok() || {
        thread::sleep(Duration::from_millis(20));
        false
    }));
    let store = InRedis::new(&format!("redis-cluster://127.0.0.1:{}", server.port)).unwrap();
    let limits = PhoneLimits::new();
    let taken = store
        .take(&request(&STEP, 1, &limits), at(0))
        .await
        .unwrap();
    assert!(matches!(taken, Taken::Granted(_)));
    assert_eq!(
        store.guess(&STEP, &[code(2)], at(1)).await.unwrap(),
        Guess::Wrong { left: 4 }
    );
    assert_eq!(
        store.guess(&STEP, &[code(1)], at(1)).await.unwrap(),
        Guess::Right
    );
    let _ = std::fs::remove_file(std::env::temp_dir().join(file));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_takes_little_memory_of_the_server_and_expires() {
    let server = Server::start(&[]);
    let store = server.store();
    let limits = PhoneLimits::new().total(10_000);
    let used = || -> u64 {
        let info: String = server.query(&[b"INFO", b"memory"]);
        let line = info
            .lines()
            .find_map(|line| line.strip_prefix("used_memory:"));
        line.unwrap().trim().parse().unwrap()
    };
    store
        .take(&request(&step(5000), 5000, &limits), at(0))
        .await
        .unwrap();
    let before = used();
    for index in 0..4000 {
        store
            .take(&request(&step(index), index, &limits), at(0))
            .await
            .unwrap();
    }
    let each = (used() - before) / 4000;
    println!("{each} bytes of Redis for each step");
    assert!(each <= 250, "{each} bytes");
    let key = store.keys.step(&step(1));
    let seconds: i64 = server.query(&[b"TTL", &key]);
    assert!((1..=15 * 3600 + 60).contains(&seconds));
    let seconds: i64 = server.query(&[b"TTL", store.keys.messages.as_bytes()]);
    assert!((3600..=7202).contains(&seconds));
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_of_another_program_are_no_entries() {
    let server = Server::start(&[]);
    let store = server.store();
    let _: redis::Value = server.query(&[b"SET", &store.keys.step(&STEP), b"x"]);
    let error = store.guess(&STEP, &[code(1)], at(0)).await.unwrap_err();
    assert!(error.to_string().contains("something else"), "{error}");
}
