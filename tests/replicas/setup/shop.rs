//! One shop on several replicas.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::{Router, extract::Request};
use http::{Method, StatusCode};
use tower::{ServiceExt, service_fn};
use tower_phone_auth::{Builder, TestUser, revocation::RedisLog};

use crate::support::{
    browser::Browser,
    replicas::{Replica, Replicas},
    shop::ORIGIN,
};

pub(crate) type RedisReplica = Replica<RedisLog>;

pub(crate) struct Shop {
    pub(crate) replicas: Replicas,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self {
            replicas: Replicas::new().await,
        }
    }

    /// A replica with the server at this address.
    pub(crate) fn replica(
        &self,
        url: &str,
        settings: impl FnOnce(Builder) -> Builder,
    ) -> RedisReplica {
        self.replicas
            .start_with(RedisLog::new(url).unwrap(), settings)
    }

    /// A replica that has read the log.
    pub(crate) async fn ready(&self, url: &str) -> RedisReplica {
        let replica = self.replica(url, |builder| builder);
        replica.layer.warm_up().await.unwrap();
        replica
    }

    pub(crate) async fn several(&self, count: usize, url: &str) -> Vec<RedisReplica> {
        let mut replicas = Vec::new();
        for _ in 0..count {
            replicas.push(self.ready(url).await);
        }
        replicas
    }

    /// A browser with a session that was made without a sign-in.
    pub(crate) fn signed_in(&self, replica: &RedisReplica) -> Browser {
        let user = TestUser::new("+82 10-1234-5678").unwrap();
        let cookie = user.cookie(&replica.layer).unwrap();
        let (name, value) = cookie.split_once('=').unwrap();
        let mut browser = replica.browser();
        browser.cookies.insert(name.to_owned(), value.to_owned());
        browser
    }

    /// A browser behind a proxy that sends each request to the next replica.
    pub(crate) fn round_robin(replicas: &[RedisReplica]) -> Browser {
        let apps: Vec<Router> = replicas.iter().map(|replica| replica.app.clone()).collect();
        let turn = std::sync::Arc::new(AtomicUsize::new(0));
        let proxy = service_fn(move |request: Request| {
            let index = turn.fetch_add(1, Ordering::Relaxed) % apps.len();
            apps[index].clone().oneshot(request)
        });
        Browser::new(Router::new().fallback_service(proxy), ORIGIN)
    }
}

/// Signs out in a copy of the browser, which itself keeps its cookies.
pub(crate) async fn sign_out(replica: &RedisReplica, browser: &Browser) -> StatusCode {
    let mut copy = copied(replica, browser);
    copy.fetch(Method::POST, "/auth/logout").await.status()
}

pub(crate) fn copied(replica: &RedisReplica, browser: &Browser) -> Browser {
    let mut copy = replica.browser();
    copy.cookies.clone_from(&browser.cookies);
    copy
}
