//! The window and the colours of Chromium
//! (<https://chromedevtools.github.io/devtools-protocol/tot/Emulation/>).

use serde_json::{Value, json};

use super::browser::Browser;

impl Browser {
    /// Gives the page this width in CSS pixels. Windows of Chromium cannot be that narrow.
    pub(crate) async fn is_wide(&self, width: u32) {
        let screen =
            json!({ "width": width, "height": 720, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", screen)
            .await;
    }

    /// Chooses the colours that the user prefers: `light` or `dark`.
    pub(crate) async fn prefers(&self, scheme: &str) {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        let features = json!({ "features": [feature] });
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    async fn devtools(&self, command: &str, parameters: Value) {
        let call = json!({ "cmd": command, "params": parameters });
        self.post("goog/cdp/execute", call).await;
    }
}
