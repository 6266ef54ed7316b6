//! An application with one replica on axum and one on hyper, one Redis, and a session key that
//! changes.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::support::clients::Clients as _;
use axum::{Router, body::Body, routing::get};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::TcpListener,
    runtime::{Handle, Runtime},
    sync::watch,
    time::sleep,
};
use tower::{Layer, ServiceExt, service_fn, util::BoxCloneSyncService};
use tower_phone_auth::{
    Kakao, OAuthLayer, Oidc, SessionKey, VerifiedUser, layer::ResponseBody, revocation::RedisLog,
};
use tower_phone_auth_local_provider::LocalProvider;

/// The lifetime of a session.
pub(crate) const LIFE: Duration = Duration::from_secs(5);

type Bare = BoxCloneSyncService<Request<Incoming>, Response<ResponseBody<Full<Bytes>>>, Infallible>;

/// The current service of a replica, which is replaced when the key changes.
type Current<S> = Arc<Mutex<S>>;

pub(crate) struct Application {
    runtime: Handle,
    settings: Settings,
    keys: Vec<SessionKey>,
    on_axum: Current<Router>,
    on_hyper: Current<Bare>,
    /// The addresses of the replicas; the first is the public one.
    pub(crate) addresses: [SocketAddr; 2],
    end: watch::Sender<bool>,
}

#[derive(Clone)]
struct Settings {
    origin: String,
    kakao: Kakao,
    oidc: Oidc,
    redis: String,
}

impl Settings {
    async fn layer(self, keys: Vec<SessionKey>) -> OAuthLayer {
        let key = keys.into_iter().reduce(SessionKey::and).unwrap();
        let layer = OAuthLayer::builder()
            .public_url(self.origin)
            .session_key(key)
            .provider(self.kakao)
            .provider(self.oidc.named("oidc"))
            .session_lifetime(LIFE)
            .revocation_log(RedisLog::new(&self.redis).unwrap())
            .build()
            .unwrap();
        // A deployment waits until a replica is ready.
        while let Err(error) = layer.warm_up().await {
            println!("not ready yet: {error}");
            sleep(Duration::from_millis(200)).await;
        }
        layer
    }
}

impl Application {
    pub(crate) async fn open(runtime: &Runtime, provider: &LocalProvider, redis: &str) -> Self {
        let runtime = runtime.handle().clone();
        let (axum, hyper) = (listener().await, listener().await);
        let addresses = [axum.local_addr().unwrap(), hyper.local_addr().unwrap()];
        let settings = Settings {
            origin: format!("http://{}", addresses[0]),
            kakao: provider.kakao(),
            oidc: provider.oidc(),
            redis: redis.to_owned(),
        };
        let keys = vec![SessionKey::random()];
        let [one, other] = layers(&runtime, &settings, &keys).await;
        let on_axum = Arc::new(Mutex::new(on_axum(one)));
        let on_hyper = Arc::new(Mutex::new(on_hyper(&other)));
        let end = watch::Sender::new(false);
        runtime.spawn(serve_axum(axum, Arc::clone(&on_axum), end.subscribe()));
        runtime.spawn(serve_hyper(hyper, Arc::clone(&on_hyper), end.subscribe()));
        Self {
            runtime,
            settings,
            keys,
            on_axum,
            on_hyper,
            addresses,
            end,
        }
    }

    /// Changes the session key in two rollouts. After the first, both replicas open cookies of the
    /// new key, and after the second they seal with it.
    pub(crate) async fn changes_its_key(&mut self) {
        self.keys.push(SessionKey::random());
        self.roll_out().await;
        self.keys.rotate_right(1);
        self.roll_out().await;
    }

    async fn roll_out(&mut self) {
        let [one, other] = layers(&self.runtime, &self.settings, &self.keys).await;
        *self.on_axum.lock().unwrap() = on_axum(one);
        *self.on_hyper.lock().unwrap() = on_hyper(&other);
    }

    pub(crate) fn close(self) {
        self.end.send_replace(true);
    }
}

async fn layers(runtime: &Handle, settings: &Settings, keys: &[SessionKey]) -> [OAuthLayer; 2] {
    // The layers are built on the application's runtime, where their tasks are counted.
    let one = runtime.spawn(settings.clone().layer(keys.to_vec()));
    let other = runtime.spawn(settings.clone().layer(keys.to_vec()));
    [one.await.unwrap(), other.await.unwrap()]
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

fn on_axum(layer: OAuthLayer) -> Router {
    let me = async |user: VerifiedUser| user.subject.to_string();
    let act = async |_: VerifiedUser| StatusCode::NO_CONTENT;
    Router::new().route("/me", get(me).post(act)).layer(layer)
}

fn on_hyper(layer: &OAuthLayer) -> Bare {
    let answer = service_fn(async |request: Request<Incoming>| {
        let user = request.extensions().get::<VerifiedUser>().unwrap();
        let subject = user.subject.to_string();
        Ok(Response::new(Full::from(subject)))
    });
    BoxCloneSyncService::new(layer.layer(answer))
}

async fn serve_axum(
    listener: TcpListener,
    current: Current<Router>,
    mut end: watch::Receiver<bool>,
) {
    let app = service_fn(move |request: Request<Body>| {
        let current = current.lock().unwrap().clone();
        current.oneshot(request)
    });
    let app = Router::new().fallback_service(app);
    let ended = async move { drop(end.wait_for(|end| *end).await) };
    let served = axum::serve(listener, app).with_graceful_shutdown(ended);
    served.await.unwrap();
}

async fn serve_hyper(
    listener: TcpListener,
    current: Current<Bare>,
    mut end: watch::Receiver<bool>,
) {
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted.unwrap().0,
            _ = end.wait_for(|end| *end) => return,
        };
        let current = Arc::clone(&current);
        let service = service_fn(move |request: Request<Incoming>| {
            let current = current.lock().unwrap().clone();
            current.oneshot(request)
        });
        let service = TowerToHyperService::new(service);
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        // Clients drop connections on purpose, so an error here is expected.
        tokio::spawn(async { drop(connection.await) });
    }
}
