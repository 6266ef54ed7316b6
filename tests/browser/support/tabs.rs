//! The tabs of a browser.

use serde_json::json;
use tokio::time::{Instant, sleep};

use super::browser::{Browser, POLL_INTERVAL, TIMEOUT, string};

impl Browser {
    /// The open tab.
    pub(crate) async fn tab(&self) -> String {
        string(&self.get("window").await)
    }

    /// Opens another tab, and switches to it.
    pub(crate) async fn new_tab(&self) -> String {
        let opened = self.post("window/new", json!({ "type": "tab" })).await;
        let tab = string(&opened["handle"]);
        self.switch(&tab).await;
        tab
    }

    /// Waits for a tab besides this one, and switches to it.
    pub(crate) async fn switches_to_another_tab(&self, this: &str) {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            let tabs = self.get("window/handles").await;
            let mut tabs = tabs.as_array().unwrap().iter().map(string);
            if let Some(other) = tabs.find(|tab| tab != this) {
                return self.switch(&other).await;
            }
            assert!(Instant::now() < deadline, "no other tab was opened");
            sleep(POLL_INTERVAL).await;
        }
    }

    pub(crate) async fn switch(&self, tab: &str) {
        self.post("window", json!({ "handle": tab })).await;
    }
}
