//! The mouse and the keyboard (<https://www.w3.org/TR/webdriver2/#actions>).

use reqwest::Method;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::browser::{Browser, ELEMENT, POLL_INTERVAL, TIMEOUT};

/// Code points of the WebDriver protocol (<https://www.w3.org/TR/webdriver2/#keyboard-actions>).
pub(crate) const TAB: char = '\u{E004}';
pub(crate) const ENTER: char = '\u{E007}';
pub(crate) const DOWN: char = '\u{E015}';

impl Browser {
    /// Double-clicks with the mouse, at a user's speed.
    pub(crate) async fn double_clicks(&self, css: &str) {
        let target = json!({ ELEMENT: self.element(css).await.unwrap() });
        let (down, up) = (
            json!({ "type": "pointerDown", "button": 0 }),
            json!({ "type": "pointerUp", "button": 0 }),
        );
        let pause = json!({ "type": "pause", "duration": 120 });
        let to = json!({ "type": "pointerMove", "origin": target, "x": 0, "y": 0, "duration": 0 });
        let actions = json!([to, down, up, pause, down, up]);
        let mouse = json!([{ "type": "pointer", "id": "mouse", "actions": actions }]);
        let clicks = json!({ "actions": mouse });
        // Firefox reports an error if the first click left the page before the second click.
        let _ = self.command(Method::POST, "actions", Some(&clicks)).await;
    }

    /// Presses and releases one key.
    pub(crate) async fn presses(&self, key: char) {
        let actions = json!([{ "type": "key", "id": "keyboard", "actions": [
            { "type": "keyDown", "value": key },
            { "type": "keyUp", "value": key },
        ] }]);
        self.post("actions", json!({ "actions": actions })).await;
    }

    /// Presses one key after the other, as a user types.
    pub(crate) async fn types(&self, text: &str) {
        for key in text.chars() {
            self.presses(key).await;
        }
    }

    /// Writes into the field, once the page is laid out.
    pub(crate) async fn writes(&self, css: &str, text: &str) {
        let text = json!({ "text": text });
        let deadline = Instant::now() + TIMEOUT;
        loop {
            self.shows(css).await;
            let element = self.element(css).await.unwrap_or_default();
            let path = format!("element/{element}/value");
            match self.command(Method::POST, &path, Some(&text)).await {
                Ok(_) => return,
                Err(error) if Instant::now() > deadline => panic!("{css}: {error}"),
                Err(_) => sleep(POLL_INTERVAL).await,
            }
        }
    }

    /// Presses Tab until the element has the focus.
    pub(crate) async fn tabs_to(&self, css: &str) {
        let focused = format!("!!document.activeElement?.matches({})", json!(css));
        for _ in 0..30 {
            if self.eval(&focused).await == json!(true) {
                return;
            }
            self.presses(TAB).await;
        }
        panic!("the Tab key does not reach {css} at {}", self.url().await);
    }
}
