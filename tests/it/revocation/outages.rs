//! Random sequences of outages, losses, clock changes and sign-outs. Single ones are in `bounded`.

use std::{
    collections::HashMap,
    sync::atomic::Ordering,
    time::{Duration, SystemTime},
};

use proptest::{prelude::*, test_runner::TestCaseError};
use tokio::{runtime, time::sleep};
use tower_phone_auth::{TestUser, VerifiedUser};

use crate::support::replicas::{LogConnection, Replica, Replicas};

const REPLICAS: usize = 3;
const LIFE: Duration = Duration::from_secs(60 * 60);
/// The publications of one revocation for each loss: one by each replica, and a second one if an
/// answer was lost.
const FACTOR: usize = 2 * REPLICAS;

#[derive(Clone, Copy, Debug)]
enum Step {
    SignOut(usize),
    RevokeUser(usize, u8),
    Cut(usize),
    Mend(usize),
    /// The log loses all entries.
    Empty,
    /// The log loses its last entries.
    LoseEnd(usize),
    /// The log accepts the next entry of this replica, and loses it.
    Forget(usize),
    /// Sets the clock of this replica forward by minutes.
    SetForward(usize, u16),
    /// Sets the clock of this replica back by minutes.
    SetBack(usize, u16),
    /// All clocks move on by minutes.
    Pass(u16),
    /// The replicas run for seconds.
    Work(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let replica = 0..REPLICAS;
    // A clock changes by up to two days.
    let minutes = 1..2880_u16;
    prop_oneof![
        4 => replica.clone().prop_map(Step::SignOut),
        3 => (replica.clone(), 0..4_u8).prop_map(|(index, person)| Step::RevokeUser(index, person)),
        2 => replica.clone().prop_map(Step::Cut),
        2 => replica.clone().prop_map(Step::Mend),
        1 => Just(Step::Empty),
        1 => (1..5_usize).prop_map(Step::LoseEnd),
        1 => replica.clone().prop_map(Step::Forget),
        1 => (replica.clone(), minutes.clone()).prop_map(|(index, by)| Step::SetForward(index, by)),
        1 => (replica, minutes).prop_map(|(index, by)| Step::SetBack(index, by)),
        1 => (1..90_u16).prop_map(Step::Pass),
        4 => (0..8_u8).prop_map(Step::Work),
    ]
}

struct World {
    shop: Replicas,
    replicas: Vec<Replica>,
    /// The minutes by which each wall clock is ahead.
    off: [i64; REPLICAS],
    now: Duration,
    /// The revoked users, and the right time at which each revocation expires.
    revoked: Vec<(VerifiedUser, Duration)>,
    revocations: usize,
    losses: usize,
}

impl World {
    async fn new() -> Self {
        let shop = Replicas::new().await;
        let mut replicas = Vec::new();
        for _ in 0..REPLICAS {
            replicas.push(start(&shop));
        }
        for replica in &replicas {
            replica.layer.warm_up().await.unwrap();
        }
        Self {
            shop,
            replicas,
            off: [0; REPLICAS],
            now: Duration::ZERO,
            revoked: Vec::new(),
            revocations: 0,
            losses: 0,
        }
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::SignOut(index) => {
                let user = self.user("9");
                let _ = self.replicas[index]
                    .layer
                    .revoke_session(user.session_id())
                    .await;
                self.counts(index, user, LIFE);
            }
            Step::RevokeUser(index, person) => {
                let user = self.user(&person.to_string());
                let _ = self.replicas[index]
                    .layer
                    .revoke("kakao", &user.subject)
                    .await;
                self.counts(index, user, LIFE);
            }
            Step::Cut(index) => self.replicas[index].connection.cut(),
            Step::Mend(index) => self.replicas[index].connection.restore(),
            Step::Empty => {
                self.losses += 1;
                self.shop.log.lose_everything();
            }
            Step::LoseEnd(entries) => {
                self.losses += 1;
                self.shop.log.lose_last(entries).await;
            }
            Step::Forget(index) => {
                self.losses += 1;
                self.replicas[index].connection.lose_next();
            }
            Step::SetForward(index, minutes) => self.set(index, i64::from(minutes)),
            Step::SetBack(index, minutes) => self.set(index, -i64::from(minutes)),
            Step::Pass(minutes) => {
                let span = Duration::from_secs(60 * u64::from(minutes));
                self.now += span;
                self.replicas
                    .iter()
                    .for_each(|replica| replica.time.pass(span));
            }
            Step::Work(seconds) => sleep(Duration::from_secs(seconds.into())).await,
        }
    }

    /// A session of this user, which begins now by the right time.
    fn user(&self, subject: &str) -> VerifiedUser {
        let date = SystemTime::now() + self.now;
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        let user = user.signed_in(date, date + LIFE);
        user.with(|user| user.subject = subject.into()).user()
    }

    /// Records a revocation. If the clock of the replica is behind, its entry expires too early to
    /// count.
    fn counts(&mut self, index: usize, user: VerifiedUser, life: Duration) {
        self.revocations += 1;
        let ahead = self.off[index];
        let until = self.now + life;
        if ahead >= 0 {
            self.revoked.push((user, until));
        }
    }

    fn set(&mut self, index: usize, minutes: i64) {
        self.off[index] += minutes;
        let by = Duration::from_secs(60 * minutes.unsigned_abs());
        let time = &self.replicas[index].time;
        if minutes > 0 {
            time.set_forward(by);
        } else {
            time.set_back(by);
        }
    }

    /// Restores the connections and the clocks, and waits.
    async fn settles(&mut self) {
        for index in 0..REPLICAS {
            self.replicas[index].connection.restore();
            let off = self.off[index];
            if off != 0 {
                self.set(index, -off);
            }
        }
        sleep(Duration::from_secs(120)).await;
    }

    fn published(&self) -> usize {
        let lines = self.replicas.iter().map(|replica| &replica.connection);
        lines
            .map(|line| line.published.load(Ordering::SeqCst))
            .sum()
    }

    fn check(&self, late: &Replica) -> Result<(), TestCaseError> {
        let published = self.published();
        let marks = 2 * REPLICAS * self.losses;
        let bound = FACTOR * self.revocations * (1 + self.losses) + marks;
        prop_assert!(published <= bound, "{published} > {bound}");
        let mut unknown = HashMap::new();
        for (number, (user, until)) in self.revoked.iter().enumerate() {
            let replicas = self.replicas.iter().chain([late]);
            let misses = replicas
                .filter(|replica| !replica.layer.has_ended(user))
                .count();
            if *until > self.now && misses > 0 {
                unknown.insert(number, misses);
            }
        }
        prop_assert!(unknown.is_empty(), "{unknown:?} of {}", self.revoked.len());
        Ok(())
    }
}

fn start(shop: &Replicas) -> Replica {
    shop.start_with(LogConnection::to(&shop.log).at_most(20_000), |builder| {
        builder.session_lifetime(LIFE)
    })
}

fn play(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut runtime = runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let mut world = World::new().await;
        for step in steps {
            world.take(step).await;
        }
        world.settles().await;
        let late = start(&world.shop);
        late.time.pass(world.now);
        late.layer.warm_up().await.unwrap();
        world.check(&late)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn publications_are_bounded_and_every_live_revocation_is_known_once_the_log_is_back(
        steps in proptest::collection::vec(step(), 1..60),
    ) {
        play(steps)?;
    }
}
