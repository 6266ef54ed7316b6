//! Sessions before and after a restart.

use http::{Method, StatusCode};
use tokio::runtime::{Builder, Runtime};
use tower_phone_auth::{OAuthLayer, SessionKey, revocation::FileLog};
use tower_phone_auth_local_provider::LocalProvider;

use super::{Folder, open};
use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO},
    log::Log,
    shop::{ORIGIN, routes},
};

/// The only process of a shop. Dropping it ends the process and its memory.
struct Process {
    runtime: Runtime,
    layer: OAuthLayer,
}

impl Process {
    fn start(provider: &LocalProvider, key: &SessionKey, log: FileLog) -> Self {
        let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
        let layer = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(key.clone())
            .provider(provider.kakao())
            .revocation_log(log)
            .build()
            .unwrap();
        runtime.block_on(layer.warm_up()).unwrap();
        Self { runtime, layer }
    }

    fn serve(&self, browser: &mut Browser) {
        browser.moves_to(routes().layer(self.layer.clone()));
    }

    fn status(&self, browser: &mut Browser) -> StatusCode {
        self.runtime
            .block_on(browser.fetch(Method::GET, "/"))
            .status()
    }
}

fn others() -> (Runtime, LocalProvider) {
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let provider = runtime.block_on(LocalProvider::start()).unwrap();
    (runtime, provider)
}

#[test]
fn a_session_that_ended_stays_ended_after_a_restart() {
    let (folder, key) = (Folder::new(), SessionKey::random());
    let (_elsewhere, provider) = others();
    for path in ["/auth/logout", "/auth/logout?everywhere"] {
        let before = Process::start(&provider, &key, open(folder.log()));
        let app = routes().layer(before.layer.clone());
        let mut copied = Browser::new(app.clone(), ORIGIN);
        let mut other = Browser::new(app, ORIGIN);
        before.runtime.block_on(copied.sign_in("/", JIWOO));
        before.runtime.block_on(other.sign_in("/", JIWOO));
        let cookies = copied.cookies.clone();
        let page = before.runtime.block_on(copied.fetch(Method::POST, path));
        assert_eq!(page.status(), StatusCode::NO_CONTENT);
        copied.cookies = cookies;
        assert_eq!(before.status(&mut copied), StatusCode::UNAUTHORIZED);
        for browser in [&mut copied, &mut other] {
            browser.moves_to(axum::Router::new());
        }
        drop(before);

        let after = Process::start(&provider, &key, open(folder.log()));
        after.serve(&mut copied);
        after.serve(&mut other);
        assert_eq!(
            after.status(&mut copied),
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
        let others = if path.contains('?') { 401 } else { 200 };
        assert_eq!(after.status(&mut other), others, "{path}");
        // A new sign-in gets a new session.
        after.runtime.block_on(copied.sign_in("/", JIWOO));
        assert_eq!(after.status(&mut copied), StatusCode::OK);
        for browser in [&mut copied, &mut other] {
            browser.moves_to(axum::Router::new());
        }
    }
}

const LOST: &str = "after a restart";

#[tokio::test]
async fn a_layer_without_a_log_says_that_sign_outs_do_not_survive_a_restart() {
    let provider = LocalProvider::start().await.unwrap();
    let key =
        "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QA==";
    let kept = SessionKey::parse(key).unwrap();
    let folder = Folder::new();
    let lines = |key: SessionKey, log: Option<FileLog>| {
        let said = Log::capture();
        let mut builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(key)
            .provider(provider.kakao());
        if let Some(log) = log {
            builder = builder.revocation_log(log);
        }
        builder.build().unwrap();
        let text = said.text();
        text.lines().filter(|line| line.contains(LOST)).count()
    };
    assert_eq!(lines(kept.clone(), None), 1);
    assert_eq!(lines(SessionKey::random().and(kept.clone()), None), 1);
    assert_eq!(lines(kept, Some(open(folder.log()))), 0);
    // With a random key, every session ends at a restart.
    assert_eq!(lines(SessionKey::random(), None), 0);
    assert_eq!(
        lines(SessionKey::random().and(SessionKey::random()), None),
        0
    );
}
