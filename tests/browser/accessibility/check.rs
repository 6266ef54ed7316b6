//! The rules for every page.

use std::{fs, path::Path, sync::LazyLock};

use serde_json::{Value, json};

use crate::support::{
    browser::Browser,
    engine::{Engine, Settings},
    input::TAB,
};

/// axe-core (<https://github.com/dequelabs/axe-core>), with all its rules.
static AXE: LazyLock<String> = LazyLock::new(|| {
    let file = "tests/interop/node/node_modules/axe-core/axe.min.js";
    let script = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
    script.unwrap_or_else(|error| panic!("{file}: {error}; npm ci --prefix tests/interop/node"))
});

const CHECKS: &str = include_str!("checks.js");
const FOCUS: &str = include_str!("focus.js");
const DARK: &str = include_str!("dark.js");
const BREAKS: &str = include_str!("breaks.js");
/// No page is wider than the window, and no text is cut off.
const OVERFLOW: &str =
    "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/// Gives the first control the focus.
const FIRST: &str =
    "document.querySelector('a[href], button, input:not([type=hidden]), summary').focus()";

/// The rule of axe-core about pages that reload themselves (WCAG 2.2, 2.2.1).
const RELOADS: &str = "meta-refresh";

/// The least width that WCAG 2.2, 1.4.10 (reflow) names, and a desktop.
const WIDTHS: [u32; 2] = [320, 1280];

/// A user of one engine, who reads one language.
pub(super) struct Reader {
    pub(super) browser: Browser,
    engine: Engine,
    language: &'static str,
}

impl Reader {
    pub(super) async fn new(engine: Engine, language: &'static str) -> Self {
        let settings = Settings::of(engine);
        let languages = language;
        let browser = Browser::with(Settings {
            languages,
            ..settings
        });
        Self {
            browser: browser.await,
            engine,
            language,
        }
    }

    /// Waits for the page with this element, and checks it.
    pub(super) async fn checks(&self, page: &str, css: &str) {
        self.checks_in(self.language, page, css).await;
    }

    /// The same for a page in English and Korean alone.
    pub(super) async fn checks_two(&self, page: &str, css: &str) {
        let language = if self.language == "ko" { "ko" } else { "en" };
        self.checks_in(language, page, css).await;
    }

    /// The same for the page that reloads itself. The reload limits no time of the user: the page
    /// has nothing to fill in, the page that was asked for follows, and while that is not there,
    /// half a minute passes between two reloads. So the rule about them does not apply.
    pub(super) async fn checks_reloading(&self, page: &str) {
        self.browser.shows("meta[http-equiv=refresh]").await;
        self.checks_by(self.language, page, &[RELOADS]).await;
    }

    async fn checks_in(&self, language: &str, page: &str, css: &str) {
        self.browser.shows(css).await;
        self.checks_by(language, page, &[]).await;
    }

    /// Checks the open page by all rules except these.
    async fn checks_by(&self, language: &str, page: &str, exceptions: &[&str]) {
        let mut faults = Vec::new();
        if self.engine == Engine::Chromium {
            faults.extend(self.widths().await);
        }
        faults.extend(self.focus().await);
        faults.extend(self.content(language, exceptions).await);
        let (engine, url) = (self.engine, self.browser.url().await);
        assert!(
            faults.is_empty(),
            "{page} in {language}, {engine:?}, at {url}:\n{}",
            faults.join("\n")
        );
    }

    /// The widths at which the page scrolls sideways, and those at which a Korean word is divided.
    async fn widths(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for width in WIDTHS {
            self.browser.is_wide(width).await;
            let over = self.browser.eval(OVERFLOW).await;
            if over != json!(0) {
                faults.push(format!("{over} pixels too wide at {width}"));
            }
            let divided = self.browser.eval(BREAKS).await;
            if divided != json!([]) {
                faults.push(format!("{divided} divided at {width}"));
            }
        }
        faults
    }

    /// The Tab key reaches each control in the order of the document, and each shows that it has
    /// the focus.
    async fn focus(&self) -> Vec<String> {
        // The script's own focus is shown after a key was pressed.
        self.browser.presses(TAB).await;
        self.browser.eval(FIRST).await;
        let mut faults = Vec::new();
        let mut expected = 0;
        loop {
            let state = self.browser.eval(FOCUS).await;
            if state["at"] != json!(expected) {
                faults.push(format!("control {expected} is not next: {state}"));
                return faults;
            }
            if state["isSeen"] != json!(true) {
                faults.push(format!("the focus is not seen: {state}"));
            }
            expected += 1;
            if json!(expected) == state["count"] {
                return faults;
            }
            self.browser.presses(TAB).await;
        }
    }

    /// The faults that `checks.js` and axe-core find: violations, and what axe-core could not
    /// decide. In dark colours, the colours alone are checked.
    async fn content(&self, language: &str, exceptions: &[&str]) -> Vec<String> {
        let off = exceptions
            .iter()
            .map(|rule| (*rule, json!({ "enabled": false })));
        let rules: Value = off.collect();
        let script = format!(
            "(async () => {{
                {axe};
                const found = {CHECKS}({language});
                const run = async (colours, options) => {{
                    const wanted = {{ iframes: false, resultTypes: ['violations', 'incomplete'] }};
                    const {{ violations, incomplete }} = await axe.run(document, {{ ...wanted, ...options }});
                    for (const {{ id, nodes }} of [...violations, ...incomplete]) {{
                        const places = nodes.map((node) => node.html + ' ' + node.failureSummary);
                        found.push(colours + ': ' + id + ': ' + places.join('; '));
                    }}
                }};
                await run('light', {{ rules: {rules} }});
                {DARK};
                await run('dark', {{ runOnly: ['color-contrast', 'link-in-text-block'] }});
                return found;
            }})()",
            axe = *AXE,
            language = json!(language)
        );
        let found = self.browser.eval(&script).await;
        let found = found.as_array().unwrap().iter();
        found
            .map(|fault| fault.as_str().unwrap().to_owned())
            .collect()
    }
}
