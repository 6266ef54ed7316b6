//! The mouse and the keyboard (<https://www.w3.org/TR/webdriver2/#actions>).

use reqwest::Method;
use serde_json::json;

use super::browser::{Browser, ELEMENT};

/// Keys of the protocol's own (<https://www.w3.org/TR/webdriver2/#keyboard-actions>).
pub(crate) const TAB: char = '\u{E004}';
pub(crate) const ENTER: char = '\u{E007}';

impl Browser {
    /// With the mouse, as quickly as a user does.
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
        // Firefox says that it failed where the first click has led on before the second.
        let _ = self.command(Method::POST, "actions", Some(&clicks)).await;
    }

    /// Presses one key, as by hand.
    pub(crate) async fn presses(&self, key: char) {
        let actions = json!([{ "type": "key", "id": "keyboard", "actions": [
            { "type": "keyDown", "value": key },
            { "type": "keyUp", "value": key },
        ] }]);
        self.post("actions", json!({ "actions": actions })).await;
    }

    /// Goes on by the Tab key until this element has the focus.
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
