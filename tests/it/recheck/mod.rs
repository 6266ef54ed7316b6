//! Rechecks: the layer asks the provider of a session again, by a request without a page.

use std::time::{Duration, SystemTime};

use axum::{Router, routing::get};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tower_phone_auth::{Builder, Oidc, VerifiedUser, provider::Provider};
use tower_phone_auth_local_provider::{LocalProvider, Person};

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Browser, JIWOO, Page, location, parameter, text},
    shop::{ORIGIN, Shop, Time, routes},
};

mod answers;
mod callbacks;
mod during_exchange;
mod limits;
mod outages;
mod providers;
mod repeated;
mod requests;
mod sessions;
mod settings;

/// The interval after which a session is checked. After twice the interval the session is refused.
const AFTER: Duration = Duration::from_secs(20 * 60);
const SECOND: Duration = Duration::from_secs(1);
const RETRY: Duration = Duration::from_secs(5 * 60);

/// A shop that checks its sessions, and a browser with a session.
struct World {
    shop: Shop,
    app: Router,
    browser: Browser,
}

impl World {
    async fn open() -> Self {
        Self::with(|oidc| oidc, |builder| builder).await
    }

    async fn with(
        client: impl FnOnce(Oidc) -> Oidc,
        settings: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let provider = LocalProvider::start().await.unwrap();
        let oidc = client(provider.oidc());
        Self::at(provider, oidc, settings).await
    }

    async fn at(
        provider: LocalProvider,
        client: impl Into<Provider>,
        settings: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let shop = Shop::at(provider, client, |builder| {
            settings(builder.recheck_after(AFTER))
        });
        keeps_time(&shop.provider, &shop.time);
        let app = Router::new()
            .route("/session", get(session))
            .merge(routes())
            .layer(shop.layer.clone());
        let mut browser = Browser::new(app.clone(), ORIGIN);
        browser.sign_in("/", JIWOO).await;
        Self { shop, app, browser }
    }

    /// Moves the clock until the session is due for a check.
    fn make_due(&self) {
        self.shop.time.pass(AFTER + SECOND);
    }

    /// Moves the clock until the session is refused without a check.
    fn make_late(&self) {
        self.shop.time.pass(2 * AFTER + SECOND);
    }

    /// Visits a page, which redirects to the provider with `prompt=none`.
    async fn starts_check(&mut self, path: &str) -> Page {
        let away = self.browser.visit(path).await;
        assert_without_page(&away);
        away
    }

    /// Visits a page with a due session, and follows the check to the answer of the callback.
    async fn completes_check(&mut self, path: &str) -> Page {
        let away = self.starts_check(path).await;
        self.returns(&away).await
    }

    async fn returns(&mut self, away: &Page) -> Page {
        let callback = self.browser.act(away, JIWOO).await;
        self.browser.visit(&callback).await
    }

    /// Returns from the provider with this error.
    async fn returns_with(&mut self, away: &Page, error: &str) -> Page {
        let state = parameter(away, "state").unwrap();
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("error", error)
            .append_pair("state", &state)
            .finish();
        let callback = format!("/auth/callback/oidc?{query}");
        self.browser.visit(&callback).await
    }

    async fn session_data(&mut self) -> String {
        text(&self.browser.fetch(Method::GET, "/session").await)
    }

    async fn assert_signed_in(&mut self, case: &str) {
        let page = self.browser.fetch(Method::GET, "/").await;
        assert_eq!(page.status(), StatusCode::OK, "{case}: {}", text(&page));
    }

    /// The session has ended, in the browser and for a copy of its cookie.
    async fn assert_ended(&mut self, copy: &str, case: &str) {
        assert_eq!(self.browser.session(), None, "{case}");
        let mut other = Browser::new(self.app.clone(), ORIGIN);
        other
            .cookies
            .insert("phone-auth".to_owned(), copy.to_owned());
        let page = other.fetch(Method::GET, "/").await;
        assert_eq!(page.status(), StatusCode::UNAUTHORIZED, "{case}");
        assert!(text(&page).contains(r#""reason":"ended""#), "{case}");
    }

    fn copy(&self) -> String {
        self.browser.session().unwrap().to_owned()
    }
}

/// The data of a session that a check does not change.
async fn session(user: VerifiedUser) -> String {
    json!({
        "id": user.session_id().to_string(),
        "phone": user.phone,
        "subject": &*user.subject,
        "begun": seconds(user.authenticated_at()),
        "ends": seconds(user.expires_at()),
    })
    .to_string()
}

fn seconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap().as_secs()
}

/// Makes the provider date its tokens by the shop's clock.
pub(crate) fn keeps_time(provider: &LocalProvider, time: &Time) {
    let time = time.clone();
    provider.forge_id_token(move |_, claims| shift(claims, &time));
}

fn shift(claims: &mut Value, time: &Time) {
    let ahead = time.now() - seconds(SystemTime::now()).min(time.now());
    for name in ["iat", "exp"] {
        let date = claims[name].as_u64().unwrap();
        claims[name] = json!(date + ahead);
    }
}

#[track_caller]
fn assert_without_page(away: &Page) {
    assert_eq!(away.status(), StatusCode::SEE_OTHER, "{}", text(away));
    assert!(location(away).starts_with("http"), "{}", location(away));
    assert_eq!(parameter(away, "prompt").as_deref(), Some("none"));
    assert_eq!(parameter(away, "max_age"), None);
    assert_eq!(away.headers()["cache-control"], "no-store");
}

/// Another user with a phone number, who has used the application before.
async fn another(world: &World) -> u64 {
    let user = Person::TRUNK_ZERO;
    let mut browser = Browser::new(world.app.clone(), ORIGIN);
    browser
        .sign_in("/", crate::support::browser::Act::Agree(user))
        .await;
    user
}
