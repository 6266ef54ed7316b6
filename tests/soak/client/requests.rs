//! The requests of a client, its cookies, and the answers.

use std::{net::SocketAddr, sync::LazyLock, time::Duration};

use http::{HeaderMap, Method};
use reqwest::redirect::Policy;

use super::{Client, TIMEOUT};

/// All clients share one connection pool.
pub(super) static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| {
    let client = reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy();
    client
        .timeout(TIMEOUT)
        .pool_idle_timeout(Duration::from_secs(1))
        .build()
        .unwrap()
});

pub(super) struct Answer {
    pub(super) status: u16,
    headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn has_ended(&self) -> bool {
        self.status == 401 && self.body.contains("\"ended\"")
    }

    pub(super) fn location(&self) -> &str {
        let location = self.headers.get("location");
        location.map_or("", |location| location.to_str().unwrap_or_default())
    }
}

impl Client {
    /// Sends a request to a random replica, as a load balancer does.
    pub(super) async fn ask(
        &mut self,
        method: Method,
        path: &str,
        lines: &[(&str, &str)],
    ) -> Option<Answer> {
        let replica = self.replica();
        self.ask_at(replica, method, path, lines).await
    }

    pub(super) async fn ask_at(
        &mut self,
        replica: SocketAddr,
        method: Method,
        path: &str,
        lines: &[(&str, &str)],
    ) -> Option<Answer> {
        let url = format!("http://{replica}{path}");
        let mut request = HTTP.request(method, url).header("cookie", self.cookie());
        for (name, value) in lines {
            request = request.header(*name, *value);
        }
        let answer = async {
            let answer = request.send().await?;
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let body = answer.text().await?;
            Ok::<_, reqwest::Error>(Answer {
                status,
                headers,
                body,
            })
        };
        match answer.await {
            Ok(answer) => {
                self.keep_cookies(&answer.headers);
                Some(answer)
            }
            Err(error) => {
                self.ledger.unexpected(format!("{path}: {error:?}"));
                None
            }
        }
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for line in headers.get_all("set-cookie") {
            let cookie = cookie::Cookie::parse(line.to_str().unwrap()).unwrap();
            let (name, value) = cookie.name_value();
            if cookie.max_age().is_some_and(|age| age.is_zero()) {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub(super) fn cookie(&self) -> String {
        let pairs = self.cookies.iter();
        let pairs: Vec<_> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    pub(super) fn replica(&mut self) -> SocketAddr {
        let index = self.below(2);
        self.replicas[index]
    }
}
