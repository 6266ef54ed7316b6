//! The cost of `examples/gateway` as a reverse proxy: `cargo bench --bench gateway`. Prints the time
//! of a request straight to the application, through the proxy without a decision, and through the
//! gateway with a session. All of them run in one thread, so the times are those of the processor.

#![allow(clippy::unwrap_used)]

use std::{env, future, net::SocketAddr, time::Instant};

use axum::{
    Router,
    extract::{ConnectInfo, Request},
    http::header::COOKIE,
};
use reqwest::Client;
use tokio::net::TcpListener;
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser};

#[path = "../examples/gateway/proxy.rs"]
mod proxy;
#[path = "../examples/gateway/upstream.rs"]
mod upstream;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // `cargo test` runs this with fewer requests, to check that the bench works.
    let is_measured = env::args().any(|argument| argument == "--bench");
    let (rounds, requests) = if is_measured { (15, 2_000) } else { (1, 10) };
    let application = serve(Router::new().fallback(async || "orders")).await;
    let upstream = upstream::Upstream::new(&application).unwrap();
    let plain = upstream.clone();
    let plain = Router::new().fallback(
        async move |ConnectInfo(client): ConnectInfo<SocketAddr>, request: Request| {
            plain.send(request, client, |_| {}, future::pending()).await
        },
    );
    let plain = serve(plain).await;

    let kakao = Kakao::new("key", "secret");
    let auth = OAuthLayer::new(kakao, "http://127.0.0.1:3000", SessionKey::random()).unwrap();
    let session = TestUser::new("+82 10-1234-5678").unwrap();
    let session = session.cookie(&auth).unwrap();
    let gateway = serve(proxy::routes(proxy::Gateway::new(auth, upstream))).await;

    let client = Client::builder().no_proxy().build().unwrap();
    let ways = [&application, &plain, &gateway];
    let mut times = ways.map(|_| Vec::new());
    for round in 0..=rounds {
        for (way, times) in ways.iter().zip(&mut times) {
            let time = microseconds(&client, way, &session, requests).await;
            // The first round warms up.
            times.extend((round > 0).then_some(time));
        }
    }
    let [direct, plain, gateway] = times.map(median);
    println!("straight to the application  {direct:6.1} µs");
    println!("through the proxy            {plain:6.1} µs");
    println!(
        "through the gateway          {gateway:6.1} µs, {:.2} times the proxy",
        gateway / plain
    );
}

async fn serve(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async { axum::serve(listener, app).await });
    address
}

/// The mean time of a request.
async fn microseconds(client: &Client, address: &str, session: &str, requests: u32) -> f64 {
    let began = Instant::now();
    for _ in 0..requests {
        let request = client.get(address).header(COOKIE, session);
        let body = request.send().await.unwrap().bytes().await.unwrap();
        assert_eq!(body, "orders");
    }
    began.elapsed().as_secs_f64() * 1e6 / f64::from(requests)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
