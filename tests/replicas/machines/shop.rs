//! A shop on several machines.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::{Router, extract::Request};
use http::{Method, StatusCode};
use tower::{ServiceExt, service_fn};
use tower_phone_auth::{Builder, RedisLog, TestUser};

use crate::support::{
    browser::Browser,
    replicas::{Replica, Replicas},
    shop::ORIGIN,
};

pub(crate) type Machine = Replica<RedisLog>;

pub(crate) struct Shop {
    pub(crate) replicas: Replicas,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self {
            replicas: Replicas::new().await,
        }
    }

    /// A machine over the server at this address.
    pub(crate) fn machine(&self, url: &str, settings: impl FnOnce(Builder) -> Builder) -> Machine {
        self.replicas
            .start_with(RedisLog::new(url).unwrap(), settings)
    }

    /// One that has read the log.
    pub(crate) async fn ready(&self, url: &str) -> Machine {
        let machine = self.machine(url, |builder| builder);
        machine.layer.warm_up().await.unwrap();
        machine
    }

    pub(crate) async fn several(&self, count: usize, url: &str) -> Vec<Machine> {
        let mut machines = Vec::new();
        for _ in 0..count {
            machines.push(self.ready(url).await);
        }
        machines
    }

    /// A browser with a session that needed no login.
    pub(crate) fn signed_in(&self, machine: &Machine) -> Browser {
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        let cookie = user.cookie(&machine.layer).unwrap();
        let (name, value) = cookie.split_once('=').unwrap();
        let mut browser = machine.browser();
        browser.cookies.insert(name.to_owned(), value.to_owned());
        browser
    }

    /// A proxy that sends each request to the next machine.
    pub(crate) fn round_robin(machines: &[Machine]) -> Browser {
        let apps: Vec<Router> = machines.iter().map(|machine| machine.app.clone()).collect();
        let turn = std::sync::Arc::new(AtomicUsize::new(0));
        let proxy = service_fn(move |request: Request| {
            let index = turn.fetch_add(1, Ordering::Relaxed) % apps.len();
            apps[index].clone().oneshot(request)
        });
        Browser::new(Router::new().fallback_service(proxy), ORIGIN)
    }
}

/// Signs out, and keeps the cookies as somebody who had copied them.
pub(crate) async fn log_out(machine: &Machine, browser: &Browser) -> StatusCode {
    let mut leaves = copied(machine, browser);
    leaves.fetch(Method::POST, "/auth/logout").await.status()
}

pub(crate) fn copied(machine: &Machine, browser: &Browser) -> Browser {
    let mut copy = machine.browser();
    copy.cookies.clone_from(&browser.cookies);
    copy
}
