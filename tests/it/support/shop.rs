//! A shop with a protected page behind the layer, and its provider.

use std::{
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use axum::{Router, body::Body, routing::get};
use http::{Request, Response};
use tower_phone_auth::{
    Builder, Clock, Kakao, OAuthLayer, SessionKey, VerifiedUser, provider::Provider,
};
use tower_phone_auth_local_provider::{LocalProvider, Par};

use super::browser::Browser;
use crate::support::clients::Clients as _;

pub(crate) const ORIGIN: &str = "http://127.0.0.1:3000";

/// The application under test, with the provider, the layer and the clock that a test may change.
pub(crate) struct Shop {
    pub(crate) provider: LocalProvider,
    pub(crate) layer: OAuthLayer,
    pub(crate) app: Router,
    pub(crate) time: Time,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(|kakao| kakao, |builder| builder).await
    }

    /// Opens a shop with settings of the test.
    pub(crate) async fn with(
        kakao: impl FnOnce(Kakao) -> Kakao,
        settings: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let provider = LocalProvider::start().await.unwrap();
        let kakao = kakao(provider.kakao());
        Self::at(provider, kakao, settings)
    }

    pub(crate) fn at(
        provider: LocalProvider,
        client: impl Into<Provider>,
        settings: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let time = Time::default();
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(SessionKey::random())
            .provider(client)
            .allow_test_endpoints()
            .public(["/healthz", "/maybe"])
            .clock(time.clock());
        let layer = settings(builder).build().unwrap();
        Self {
            app: routes().layer(layer.clone()),
            provider,
            layer,
            time,
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.app.clone(), ORIGIN)
    }
}

/// Kakao under the name `local`, with OpenID Connect.
fn kakao_with_id_tokens(provider: &LocalProvider) -> Kakao {
    provider.configure(|settings| settings.kakao_oidc = true);
    provider.kakao().named("local").openid_connect()
}

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/", get(phone))
        .route("/healthz", get(|| async { "ok" }))
        .route("/maybe", get(maybe))
        .route("/{*rest}", get(phone).post(phone))
}

async fn phone(VerifiedUser { phone, .. }: VerifiedUser) -> String {
    phone.to_string()
}

async fn maybe(user: Option<VerifiedUser>) -> String {
    user.map_or_else(|| "anonymous".to_owned(), |user| user.phone.to_string())
}

/// The clock of the shop. It stands still until a test moves it.
#[derive(Clone)]
pub(crate) struct Time {
    wall: Arc<Mutex<SystemTime>>,
    monotonic: Arc<Mutex<Duration>>,
}

impl Default for Time {
    fn default() -> Self {
        Self {
            wall: Arc::new(Mutex::new(SystemTime::now())),
            monotonic: Arc::default(),
        }
    }
}

impl Time {
    pub(crate) fn clock(&self) -> Clock {
        let (wall, monotonic) = (Arc::clone(&self.wall), Arc::clone(&self.monotonic));
        Clock::new(move || *wall.lock().unwrap()).with_monotonic(move || *monotonic.lock().unwrap())
    }

    /// Lets time pass on both clocks.
    pub(crate) fn pass(&self, span: Duration) {
        *self.wall.lock().unwrap() += span;
        *self.monotonic.lock().unwrap() += span;
    }

    /// Sets the wall clock to the real time if it is behind. The provider dates tokens by the real
    /// time, and a test that takes a minute on busy cores would get tokens from the future.
    pub(crate) fn catch_up(&self) {
        let mut wall = self.wall.lock().unwrap();
        *wall = (*wall).max(SystemTime::now());
    }

    /// Sets the wall clock forward. No time passes.
    pub(crate) fn set_forward(&self, by: Duration) {
        *self.wall.lock().unwrap() += by;
    }

    /// Sets the wall clock back. No time passes.
    pub(crate) fn set_back(&self, by: Duration) {
        *self.wall.lock().unwrap() -= by;
    }

    /// The wall clock in seconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        let since = self
            .wall
            .lock()
            .unwrap()
            .duration_since(SystemTime::UNIX_EPOCH);
        since.unwrap().as_secs()
    }
}

pub(crate) const HTTPS: &str = "https://shop.example.com";

impl Shop {
    /// A shop with an https address, as in production.
    pub(crate) async fn secure() -> Self {
        let shop = Self::with(|kakao| kakao, |builder| builder.public_url(HTTPS)).await;
        shop.provider.configure(|settings| {
            settings.redirect_uris = vec![format!("{HTTPS}/auth/callback/kakao")];
        });
        shop
    }

    /// A shop whose provider speaks the dialect of this name. OpenID clients push their requests.
    pub(crate) async fn in_dialect(name: &str) -> Self {
        let provider = LocalProvider::start().await.unwrap();
        provider.configure(|settings| settings.oidc.par = Par::Required);
        let client: Provider = match name {
            "oidc" => provider.oidc().into(),
            "kakao" => provider.kakao().into(),
            "naver" => provider.naver().into(),
            "google" => provider.google().into(),
            _ => kakao_with_id_tokens(&provider).into(),
        };
        Self::at(provider, client, |builder| builder)
    }

    /// A shop where users choose between `kakao` and `second`.
    pub(crate) async fn with_two_providers() -> Self {
        let provider = LocalProvider::start().await.unwrap();
        let (first, second) = (provider.kakao(), provider.kakao().named("second"));
        Self::at(provider, first, |builder| builder.provider(second))
    }

    /// The same shop after a restart with other settings. The provider and the clock stay.
    pub(crate) fn restarted(
        &self,
        kakao: Kakao,
        settings: impl FnOnce(Builder) -> Builder,
    ) -> Router {
        let builder = OAuthLayer::builder()
            .public_url(ORIGIN)
            .session_key(SessionKey::random())
            .provider(kakao)
            .allow_test_endpoints()
            .clock(self.time.clock());
        routes().layer(settings(builder).build().unwrap())
    }

    /// An application that answers every request, and the number of its calls.
    pub(crate) fn counting(&self) -> (Router, Arc<AtomicUsize>) {
        let calls = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&calls);
        let app = tower::service_fn(move |_: Request<Body>| {
            counter.fetch_add(1, Ordering::SeqCst);
            async { Ok::<_, Infallible>(Response::new(Body::from("app"))) }
        });
        let app = Router::new().fallback_service(app);
        (app.layer(self.layer.clone()), calls)
    }
}
