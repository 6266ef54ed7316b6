//! Two replicas of one application in one process. Run
//! `REDIS_URL=redis://127.0.0.1 cargo run --example replicas`, then open the printed address.
//!
//! The replicas answer in turn. They share only the session key and the revocation log. Reload the
//! page to see the other replica answer; sign out at one replica, and the other refuses the
//! session.

use std::{
    env,
    error::Error,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, extract::Request, response::Html, routing::get};
use tokio::net::TcpListener;
use tower::{ServiceExt, service_fn};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, VerifiedUser, revocation::RedisLog};
use tower_phone_auth_local_provider::LocalProvider;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let redis = env::var("REDIS_URL")
        .map_err(|_| "REDIS_URL: is not set; give the address of Redis or Valkey")?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    let (key, local) = (SessionKey::random(), LocalProvider::start().await?);
    let kakao = || {
        let secret = local.client_secret().unwrap_or_default();
        Kakao::new(local.client_id(), secret).endpoint_base(local.origin())
    };
    let replica = |number: usize| {
        let auth = OAuthLayer::builder()
            .public_url("http://127.0.0.1:3000")
            .session_key(key.clone()) // the same on every replica
            .provider(kakao())
            .revocation_log(RedisLog::new(&redis)?)
            .build()?;
        let home = get(async move |user: VerifiedUser| Html(page(number, &user)));
        let app = Router::new().route("/", home).layer(auth.clone());
        Ok::<_, Box<dyn Error>>((app, auth))
    };
    let ((first, one), (second, other)) = (replica(1)?, replica(2)?);
    // Optional: without it, the first requests with a session may get 503.
    tokio::try_join!(one.warm_up(), other.warm_up())?;
    println!("open http://127.0.0.1:3000");
    let app = Router::new().fallback_service(in_turn([first, second]));
    Ok(axum::serve(listener, app).await?)
}

/// A load balancer that sends each request to the next replica.
fn in_turn(
    replicas: [Router; 2],
) -> impl tower::Service<
    Request,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future = impl Send,
> + Clone {
    let turn = Arc::new(AtomicUsize::new(0));
    service_fn(move |request: Request| {
        let [first, second] = replicas.clone();
        let is_even = turn.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        (if is_even { first } else { second }).oneshot(request)
    })
}

fn page(number: usize, VerifiedUser { phone, .. }: &VerifiedUser) -> String {
    format!(
        r#"<!doctype html><title>Replica {number}</title>
        <p>Replica {number} knows you by {phone}.</p>
        <form method="post" action="/auth/logout"><button>Sign out</button></form>
        <form method="post" action="/auth/logout?everywhere">
        <button>Sign out everywhere</button></form>"#
    )
}
