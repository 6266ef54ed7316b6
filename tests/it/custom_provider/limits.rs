//! The limits on calls hold for the requests of a reader.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::json;
use tokio::time::{Instant, sleep};
use tower_phone_auth::{
    Builder, CustomProvider, OAuthLayer, SessionKey,
    error::{LoginErrorKind as K, ProviderError},
    phone::PhoneAssurance,
    provider::{BoxFuture, HttpClient, HttpError, Profile, ProfileContext, ReadProfile},
};

use super::server::{self, Seen, Server};
use crate::support::{
    browser::{Browser, Page, refusal},
    outcome,
    shop::{ORIGIN, Time, routes},
};

/// The second act of the reader, after its first request.
#[derive(Clone, Copy)]
enum Then {
    AsksAgain,
    Waits,
    AsksFourTimesAtOnce,
}

struct Club {
    profile: String,
    then: Then,
}

impl Club {
    async fn ask(&self, context: &ProfileContext<'_>) -> Result<StatusCode, ProviderError> {
        let request = Request::get(&self.profile).body(Bytes::new())?;
        Ok(context.send(request).await?.status())
    }
}

impl ReadProfile for Club {
    async fn read_profile(&self, context: ProfileContext<'_>) -> Result<Profile, ProviderError> {
        let status = self.ask(&context).await?;
        match self.then {
            Then::AsksAgain => self.ask(&context).await.map(drop)?,
            Then::Waits => pending().await,
            Then::AsksFourTimesAtOnce => {
                let all = (0..4).map(|_| self.ask(&context));
                futures_util::future::try_join_all(all).await.map(drop)?;
            }
        }
        if status.is_server_error() {
            return Err(K::ProviderUnavailable.into());
        }
        Ok(Profile::new("7", "+821012345678", PhoneAssurance::Asserted))
    }
}

fn club(origin: &str, then: Then) -> CustomProvider {
    let profile = format!("{origin}/me");
    CustomProvider::new("club", "id", "secret", Club { profile, then })
        .endpoints(format!("{origin}/authorize"), format!("{origin}/token"))
}

/// Answers each call after a time.
#[derive(Clone)]
struct Slow {
    delay: Duration,
    open: Arc<AtomicUsize>,
    peak: Arc<AtomicUsize>,
}

impl Slow {
    fn after(seconds: u64) -> Self {
        Self {
            delay: Duration::from_secs(seconds),
            open: Arc::default(),
            peak: Arc::default(),
        }
    }
}

impl HttpClient for Slow {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, HttpError>> {
        Box::pin(async move {
            let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
            self.peak.fetch_max(open, Ordering::SeqCst);
            sleep(self.delay).await;
            self.open.fetch_sub(1, Ordering::SeqCst);
            let token = json!({ "access_token": "a", "token_type": "bearer" });
            Ok(Response::new(token.to_string().into()))
        })
    }
}

fn app(provider: CustomProvider, settings: impl FnOnce(Builder) -> Builder) -> Browser {
    let builder = OAuthLayer::builder()
        .public_url(ORIGIN)
        .session_key(SessionKey::random())
        .provider(provider);
    let layer = settings(builder).build().unwrap();
    Browser::new(routes().layer(layer), ORIGIN)
}

async fn come_back(browser: &mut Browser) -> Page {
    let (_, callback) = server::begin(browser, "club", "").await;
    browser.visit(&callback).await
}

#[tokio::test(start_paused = true)]
async fn all_requests_of_a_reader_share_the_deadline_of_the_callback() {
    for (each, elapsed, signs_in) in [(3, 9, true), (4, 10, false), (60, 10, false)] {
        let client = Slow::after(each);
        let club = club("https://club.example", Then::AsksAgain);
        let mut browser = app(club, |builder| builder.http_client(client));
        let start = Instant::now();
        let page = come_back(&mut browser).await;
        assert_eq!(start.elapsed().as_secs(), elapsed, "{each}");
        assert_eq!(browser.session().is_some(), signs_in, "{each}");
        assert!(signs_in || refusal(&page) == Some(K::ProviderTimeout));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_waits_for_something_else_ends_at_the_deadline() {
    let client = Slow::after(1);
    let club = club("https://club.example", Then::Waits);
    let mut browser = app(club, |builder| builder.http_client(client));
    let start = Instant::now();
    let page = come_back(&mut browser).await;
    assert_eq!(refusal(&page), Some(K::ProviderTimeout));
    assert_eq!(start.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn requests_at_once_of_a_reader_count_in_the_limit_on_calls() {
    let client = Slow::after(0);
    let club = club("https://club.example", Then::AsksFourTimesAtOnce);
    let mut browser = app(club, |builder| {
        // One of the calls is for events.
        builder.http_client(client.clone()).provider_concurrency(2)
    });
    come_back(&mut browser).await;
    assert!(browser.session().is_some());
    assert_eq!(client.peak.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_endpoint_of_a_reader_that_fails_five_times_is_not_called_for_ten_seconds() {
    let server = Server::start(Box::new(|request: &Seen| match &*request.path {
        "/token" => server::json(&json!({ "access_token": "a", "token_type": "bearer" })),
        _ => (StatusCode::BAD_GATEWAY, String::new()),
    }))
    .await;
    let time = Time::default();
    let club = club(&server.origin, Then::AsksAgain);
    let mut browser = app(club, |builder| builder.clock(time.clock()));
    for _ in 0..4 {
        come_back(&mut browser).await;
    }
    let calls = server.at("/me").len();
    let page = come_back(&mut browser).await;
    assert_eq!(outcome::refusal(&page).0, 503);
    assert_eq!(refusal(&page), Some(K::ProviderBusy));
    assert!(page.headers().contains_key("retry-after"));
    assert_eq!(server.at("/me").len(), calls, "it was not called");
    time.pass(Duration::from_secs(11));
    come_back(&mut browser).await;
    assert_eq!(server.at("/me").len(), calls + 1, "one call as a probe");
}

#[tokio::test]
async fn a_large_answer_to_a_reader_is_refused() {
    let server = Server::start(Box::new(|request: &Seen| match &*request.path {
        "/token" => server::json(&json!({ "access_token": "a", "token_type": "bearer" })),
        _ => (StatusCode::OK, "x".repeat(2 * 1024 * 1024)),
    }))
    .await;
    let mut browser = app(club(&server.origin, Then::AsksAgain), |builder| builder);
    let page = come_back(&mut browser).await;
    assert_eq!(refusal(&page), Some(K::InvalidAnswer));
    assert_eq!(server.at("/me").len(), 1);
}
