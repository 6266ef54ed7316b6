//! The protocol that drives a browser.

use std::{fs, path::Path};

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    driver::Driver,
    engine::{Engine, Settings},
    marionette::Marionette,
};

const CHROMIUM: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

pub(super) enum Protocol {
    WebDriver(Driver),
    Marionette(Box<Marionette>),
}

impl Protocol {
    pub(super) async fn open(settings: Settings, profile: &Path) -> Self {
        let mut wanted = json!({
            "timeouts": { "pageLoad": 20_000, "script": 20_000 },
            // The shop's certificate is self-signed.
            "acceptInsecureCerts": true,
        });
        match settings.engine {
            Engine::Chromium => {
                let mut arguments = CHROMIUM.map(str::to_owned).to_vec();
                arguments.push(format!("--user-data-dir={}", profile.display()));
                if settings.is_private {
                    arguments.push("--incognito".to_owned());
                }
                wanted["goog:loggingPrefs"] = json!({ "browser": "ALL" });
                wanted["goog:chromeOptions"] =
                    json!({ "args": arguments, "prefs": settings.chromium() });
                Self::WebDriver(Driver::chromium(wanted).await)
            }
            Engine::Firefox => {
                fs::write(profile.join("user.js"), settings.firefox()).unwrap();
                Self::Marionette(Box::new(Marionette::start(profile, wanted).await))
            }
            Engine::WebKit => {
                wanted["webkitgtk:browserOptions"] = json!({ "args": settings.webkit() });
                Self::WebDriver(Driver::webkit(wanted).await)
            }
        }
    }

    pub(super) async fn command(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, String> {
        match self {
            Self::WebDriver(driver) => driver.command(method, path, body).await,
            Self::Marionette(marionette) => marionette.command(method, path, body).await,
        }
    }
}
