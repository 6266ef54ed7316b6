//! A shop behind the layer on its own port, with its own provider.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime},
};

use crate::support::clients::Clients as _;
use axum::{
    Router,
    extract::RawQuery,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{Html, IntoResponse, Redirect},
    routing::{get, post},
};
use tokio::net::TcpListener;
use tower_phone_auth::{Builder, Clock, OAuthLayer, SessionKey, VerifiedUser};
use tower_phone_auth_local_provider::LocalProvider;

use super::tls;
use crate::libraries;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

pub(crate) struct Shop {
    pub(crate) provider: LocalProvider,
    /// An origin of another site than the provider's, as in production, because browsers apply
    /// stricter cookie rules across sites.
    origin: String,
    ahead: Arc<Mutex<Duration>>,
    files: Arc<AtomicU32>,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::over(Scheme::Http).await
    }

    pub(crate) async fn over(scheme: Scheme) -> Self {
        Self::set_up(scheme, |builder, _| builder).await
    }

    /// A shop with further settings.
    pub(crate) async fn with(settings: impl FnOnce(Builder, &LocalProvider) -> Builder) -> Self {
        Self::set_up(Scheme::Http, settings).await
    }

    pub(crate) async fn set_up(
        scheme: Scheme,
        settings: impl FnOnce(Builder, &LocalProvider) -> Builder,
    ) -> Self {
        let provider = LocalProvider::start().await.unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let ahead = Arc::new(Mutex::new(Duration::ZERO));
        let shop = Self {
            provider,
            origin: match scheme {
                Scheme::Http => format!("http://localhost:{port}"),
                Scheme::Https => format!("https://localhost:{port}"),
            },
            ahead,
            files: Arc::default(),
        };
        let builder = OAuthLayer::builder()
            .public_url(&shop.origin)
            .session_key(SessionKey::random())
            .provider(shop.provider.kakao())
            .public(["/open", "/worker.js", "GET /order", "/lib/{*rest}"])
            .clock(shop.clock());
        let layer = settings(builder, &shop.provider).build().unwrap();
        let app = routes(Arc::clone(&shop.files)).layer(layer);
        match scheme {
            Scheme::Http => drop(tokio::spawn(
                async move { axum::serve(listener, app).await },
            )),
            Scheme::Https => drop(tokio::spawn(tls::serve(listener, app))),
        }
        shop
    }

    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// How often the file was sent to a signed-in user.
    pub(crate) fn files_served(&self) -> u32 {
        self.files.load(Ordering::Relaxed)
    }

    /// Moves the shop's clock forward.
    pub(crate) fn pass(&self, span: Duration) {
        *self.ahead.lock().unwrap() += span;
    }

    fn clock(&self) -> Clock {
        let ahead = Arc::clone(&self.ahead);
        Clock::new(move || SystemTime::now() + *ahead.lock().unwrap())
    }
}

fn routes(files: Arc<AtomicU32>) -> Router {
    let file = async move |_: VerifiedUser| {
        files.fetch_add(1, Ordering::Relaxed);
        (
            [(CONTENT_DISPOSITION, "attachment; filename=report.txt")],
            "report",
        )
    };
    Router::new()
        .route("/file", get(file))
        .route("/lib/{*path}", get(libraries::file))
        .route("/", get(phone))
        .route("/open", get(async || Html("<h1>Welcome</h1>")))
        .route("/worker.js", get(worker))
        .route("/order", get(order).post(ordered))
        .route("/elsewhere", post(elsewhere))
        .route("/{*rest}", get(phone))
}

/// A service worker that answers each request with the expression in the query of its own address.
async fn worker(RawQuery(answer): RawQuery) -> impl IntoResponse {
    let answer = answer.unwrap_or_default();
    let answer = answer.replace("%20", " ").replace("%27", "'");
    let script = format!(
        "self.addEventListener('install', () => self.skipWaiting());
         self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
         self.addEventListener('fetch', event => event.respondWith({answer}));"
    );
    ([(CONTENT_TYPE, "text/javascript")], script)
}

async fn phone(VerifiedUser { phone, .. }: VerifiedUser) -> Html<String> {
    Html(format!("<h1>{phone}</h1>"))
}

/// A public page with a form. The query of the page is the address to which the form is sent.
async fn order(RawQuery(action): RawQuery) -> Html<String> {
    let action = action.unwrap_or("/order".to_owned());
    Html(format!(
        "<h1>Order</h1><form method=post action={action}>
         <input name=item value='tea &amp; \"차\" &lt;b&gt;'><input name=item value=2>
         <textarea name=note>\none\ntwo</textarea><input type=hidden name=empty>
         <button name=how value=now>Order</button></form>"
    ))
}

/// Shows the body that arrived.
async fn ordered(user: VerifiedUser, body: String) -> Html<String> {
    let body = body.replace('&', "&amp;");
    Html(format!("<h1>{}</h1><p>{body}</p>", user.phone))
}

/// Redirects to another site, as a shop does for a payment.
async fn elsewhere(body: String) -> Redirect {
    Redirect::to(
        &body
            .replace("to=", "")
            .replace("%3A", ":")
            .replace("%2F", "/"),
    )
}
