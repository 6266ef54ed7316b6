//! A browser with a profile of its own, closed when it is dropped
//! (<https://www.w3.org/TR/webdriver2/>).

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::{
    engine::{Engine, Settings},
    protocol::Protocol,
};

pub(super) const TIMEOUT: Duration = Duration::from_secs(20);
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// The protocol's name of a reference to an element.
pub(super) const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

pub(crate) struct Browser {
    protocol: Protocol,
    /// Dropped after the browser.
    _profile: Profile,
}

/// The folder of one browser's profile, removed when it is dropped.
struct Profile(PathBuf);

impl Browser {
    /// Chromium of a user who reads English.
    pub(crate) async fn open() -> Self {
        Self::of(Engine::Chromium).await
    }

    pub(crate) async fn of(engine: Engine) -> Self {
        Self::with(Settings::of(engine)).await
    }

    /// Chromium of a user who reads these languages.
    pub(crate) async fn preferring(languages: &'static str) -> Self {
        let settings = Settings::of(Engine::Chromium);
        Self::with(Settings {
            languages,
            ..settings
        })
        .await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        let profile = Profile::new();
        let protocol = Protocol::open(settings, &profile.0).await;
        Self {
            protocol,
            _profile: profile,
        }
    }

    /// Returns when the page is loaded, after all redirects.
    pub(crate) async fn go(&self, url: &str) {
        self.post("url", json!({ "url": url })).await;
    }

    pub(crate) async fn url(&self) -> String {
        string(&self.get("url").await)
    }

    pub(crate) async fn back(&self) {
        self.post("back", json!({})).await;
    }

    pub(crate) async fn forward(&self) {
        self.post("forward", json!({})).await;
    }

    pub(crate) async fn reload(&self) {
        self.post("refresh", json!({})).await;
    }

    pub(crate) async fn click(&self, css: &str) {
        let element = self.element(css).await.unwrap();
        let path = format!("element/{element}/click");
        self.post(&path, json!({})).await;
    }

    /// Sends further commands to the first frame of the page.
    pub(crate) async fn enters_the_frame(&self) {
        let frame = json!({ ELEMENT: self.element("iframe").await.unwrap() });
        self.post("frame", json!({ "id": frame })).await;
    }

    pub(crate) async fn leaves_the_frame(&self) {
        self.post("frame", json!({ "id": null })).await;
    }

    /// Waits for a condition outside of the browser.
    pub(crate) async fn waits_for(&self, holds: impl AsyncFn() -> bool) {
        let deadline = Instant::now() + TIMEOUT;
        while !holds().await {
            if Instant::now() > deadline {
                panic!("the condition does not hold at {}", self.url().await);
            }
            sleep(POLL_INTERVAL).await;
        }
    }

    /// The number of elements.
    pub(crate) async fn count(&self, css: &str) -> usize {
        let found = self.post("elements", selector(css)).await;
        found.as_array().unwrap().len()
    }

    /// Waits until an element contains the text.
    pub(crate) async fn see(&self, css: &str, text: &str) {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            let seen = self.text(css).await;
            if seen.as_ref().is_ok_and(|seen| seen.contains(text)) {
                return;
            }
            if Instant::now() > deadline {
                let url = self.url().await;
                panic!("{css} has no {text:?} at {url}, but {seen:?}");
            }
            sleep(POLL_INTERVAL).await;
        }
    }

    /// Waits until the page has such an element.
    pub(crate) async fn shows(&self, css: &str) {
        let deadline = Instant::now() + TIMEOUT;
        while self.element(css).await.is_err() {
            if Instant::now() > deadline {
                panic!("no {css} at {}", self.url().await);
            }
            sleep(POLL_INTERVAL).await;
        }
    }

    /// Waits until the address begins with `start`.
    pub(crate) async fn waits_for_url(&self, start: &str) {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            let url = self.url().await;
            if url.starts_with(start) {
                return;
            }
            if Instant::now() > deadline {
                panic!("still at {url}; {:?}", self.console().await);
            }
            sleep(POLL_INTERVAL).await;
        }
    }

    /// The names and values of the cookies that the browser sends to the page's address.
    pub(crate) async fn cookies(&self) -> BTreeMap<String, String> {
        let cookies = self.get("cookie").await;
        let cookies = cookies.as_array().unwrap().iter();
        let pairs = cookies.map(|cookie| (string(&cookie["name"]), string(&cookie["value"])));
        pairs.collect()
    }

    pub(crate) async fn delete_cookie(&self, name: &str) {
        let path = format!("cookie/{name}");
        self.command(Method::DELETE, &path, None).await.unwrap();
    }

    /// Evaluates the expression in the page; the value of a promise once it is resolved.
    pub(crate) async fn eval(&self, expression: &str) -> Value {
        let script = format!("const done = arguments[0]; Promise.resolve({expression}).then(done)");
        let call = json!({ "script": script, "args": [] });
        self.post("execute/async", call).await
    }

    /// The console messages since the last call.
    pub(crate) async fn console(&self) -> Vec<String> {
        let entries = self.post("se/log", json!({ "type": "browser" })).await;
        let entries = entries.as_array().unwrap().iter();
        entries.map(|entry| string(&entry["message"])).collect()
    }

    pub(crate) async fn text(&self, css: &str) -> Result<String, String> {
        let path = format!("element/{}/text", self.element(css).await?);
        let text = self.command(Method::GET, &path, None).await?;
        Ok(string(&text))
    }

    /// The address of a link.
    pub(crate) async fn link(&self, css: &str) -> String {
        self.shows(css).await;
        string(
            &self
                .eval(&format!("document.querySelector({}).href", json!(css)))
                .await,
        )
    }

    pub(super) async fn element(&self, css: &str) -> Result<String, String> {
        let css = selector(css);
        let found = self.command(Method::POST, "element", Some(&css)).await?;
        Ok(string(&found[ELEMENT]))
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        self.command(Method::GET, path, None).await.unwrap()
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.command(Method::POST, path, Some(&body)).await;
        answer.unwrap_or_else(|error| panic!("{path} {body}: {error}"))
    }

    pub(super) async fn command(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, String> {
        self.protocol.command(method, path, body).await
    }
}

fn selector(css: &str) -> Value {
    json!({ "using": "css selector", "value": css })
}

pub(super) fn string(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

impl Profile {
    /// An empty folder for one browser.
    fn new() -> Self {
        static OPENED: AtomicU32 = AtomicU32::new(0);
        let (process, number) = (std::process::id(), OPENED.fetch_add(1, Ordering::Relaxed));
        let folder = format!("browser-{process}-{number}");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
