//! The three browser engines, and the settings of a user that change what a browser sends.

use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

/// The settings of one browser.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) engine: Engine,
    /// The value of `Accept-Language`. WebKit uses the languages of the system instead.
    pub(crate) languages: &'static str,
    pub(crate) blocks_cookies: bool,
    pub(crate) runs_scripts: bool,
    /// Whether the window is private. WebKit's driver opens private windows only.
    pub(crate) is_private: bool,
}

impl Settings {
    pub(crate) fn of(engine: Engine) -> Self {
        Self {
            engine,
            languages: "en-US,en",
            blocks_cookies: false,
            runs_scripts: true,
            is_private: false,
        }
    }

    /// The preferences of a Chromium profile; 2 is "block".
    pub(super) fn chromium(self) -> Value {
        let mut preferences = json!({ "intl.accept_languages": self.languages });
        if self.blocks_cookies {
            preferences["profile.default_content_setting_values.cookies"] = json!(2);
        }
        if !self.runs_scripts {
            preferences["profile.default_content_setting_values.javascript"] = json!(2);
        }
        preferences
    }

    /// The `user.js` of a Firefox profile.
    pub(super) fn firefox(self) -> String {
        let mut preferences = vec![
            // Firefox chooses a free port, and writes it into the profile.
            ("marionette.port", json!(0)),
            ("browser.startup.page", json!(0)),
            ("browser.shell.checkDefaultBrowser", json!(false)),
            ("datareporting.policy.dataSubmissionEnabled", json!(false)),
            ("network.captive-portal-service.enabled", json!(false)),
            ("network.connectivity-service.enabled", json!(false)),
            ("intl.accept_languages", json!(self.languages)),
        ];
        if self.blocks_cookies {
            preferences.push(("network.cookie.cookieBehavior", json!(2)));
        }
        if !self.runs_scripts {
            preferences.push(("javascript.enabled", json!(false)));
        }
        if self.is_private {
            preferences.push(("browser.privatebrowsing.autostart", json!(true)));
        }
        let lines = preferences.iter();
        lines
            .map(|(name, value)| format!("user_pref(\"{name}\", {value});\n"))
            .collect()
    }

    /// The arguments of WebKitGTK's browser.
    pub(super) fn webkit(self) -> Vec<&'static str> {
        let mut arguments = vec!["--automation"];
        if self.blocks_cookies {
            arguments.push("--cookies-policy=never");
        }
        if !self.runs_scripts {
            // This leaves the scripts of the driver enabled.
            arguments.push("--enable-javascript-markup=false");
        }
        arguments
    }
}

/// Makes one test of each scenario for each engine, over http and https, or over one of the two.
macro_rules! in_every_engine {
    (http: $($scenario:ident),+ $(,)?) => {
        $(in_every_engine!(@ $scenario, chromium_http Chromium Http, firefox_http Firefox Http, webkit_http WebKit Http);)+
    };
    (https: $($scenario:ident),+ $(,)?) => {
        $(in_every_engine!(@ $scenario, chromium_https Chromium Https, firefox_https Firefox Https, webkit_https WebKit Https);)+
    };
    (@ $scenario:ident, $($name:ident $engine:ident $scheme:ident),+) => {
        mod $scenario {
            use crate::support::{engine::Engine, shop::Scheme};

            $(
                #[tokio::test]
                async fn $name() {
                    super::$scenario(Engine::$engine, Scheme::$scheme).await;
                }
            )+
        }
    };
    ($($scenario:ident),+ $(,)?) => {
        $(in_every_engine!(
            @ $scenario,
            chromium_http Chromium Http, firefox_http Firefox Http, webkit_http WebKit Http,
            chromium_https Chromium Https, firefox_https Firefox Https, webkit_https WebKit Https
        );)+
    };
}

pub(crate) use in_every_engine;
