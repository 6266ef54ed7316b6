//! A shop with its providers, its database and its clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use axum::Router;
use sqlx::SqlitePool;
use tower_phone_auth::{Clock, OAuthLayer};
use tower_phone_auth_database::{
    Shop, database,
    keys::Keys,
    local::{self, LocalSms},
};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use crate::browser::{Browser, ORIGIN};

/// Users without a number at the providers.
pub const HANEUL: u64 = Person::WITHOUT_PHONE;
pub const SORA: u64 = 42;
pub const NUMBER: &str = "010-2345-6789";

pub struct Test {
    pub app: Router,
    pub auth: OAuthLayer,
    pub db: SqlitePool,
    pub local: Arc<LocalProvider>,
    time: Arc<AtomicU64>,
}

impl Test {
    pub async fn start() -> Self {
        let db = database::open(None).await.unwrap();
        Self::with(db, Keys::random().unwrap()).await
    }

    pub async fn with(db: SqlitePool, keys: Keys) -> Self {
        let local = LocalProvider::start().await.unwrap();
        local.add_person(Person::new(SORA, "Sora"));
        let time = Arc::new(AtomicU64::new(0));
        let builder = OAuthLayer::builder().clock(clock(&time));
        let builder = local::providers(builder, &local);
        let sender = LocalSms::new(&local).unwrap();
        let shop = Shop::new(ORIGIN, builder, &db, keys, sender).unwrap();
        Self {
            auth: shop.auth.clone(),
            app: shop.app(),
            db,
            local: Arc::new(local),
            time,
        }
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.app.clone(), Arc::clone(&self.local))
    }

    /// A browser that signed in with a code.
    pub async fn signed_in(&self, provider: &str, person: u64, number: &str) -> Browser {
        let mut browser = self.browser();
        browser
            .sign_in(provider, person)
            .await
            .goes_to("/auth/phone");
        browser.confirm(number).await.goes_to("/");
        browser
    }

    /// The count of a query such as `users WHERE id = 1`.
    pub async fn count(&self, from: &str) -> i64 {
        let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {from}"));
        sqlx::query_scalar(count).fetch_one(&self.db).await.unwrap()
    }

    pub fn codes(&self) -> usize {
        self.local.inbox().len()
    }

    pub fn pass(&self, minutes: u64) {
        self.time.fetch_add(minutes * 60, Ordering::Relaxed);
    }
}

/// The system's clock, and the time that a test lets pass.
fn clock(time: &Arc<AtomicU64>) -> Clock {
    let passed = |time: &AtomicU64| Duration::from_secs(time.load(Ordering::Relaxed));
    let (wall, monotonic, start) = (Arc::clone(time), Arc::clone(time), Instant::now());
    Clock::new(move || SystemTime::now() + passed(&wall))
        .with_monotonic(move || start.elapsed() + passed(&monotonic))
}
