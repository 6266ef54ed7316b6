//! A server over TLS, with a self-signed certificate for `localhost`.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::net::TcpListener;

use super::acceptor::acceptor;

/// A self-signed certificate with its key.
const PEM: &[u8] = include_bytes!("localhost.pem");

pub(super) async fn serve(listener: TcpListener, app: Router) {
    let acceptor = acceptor(PEM);
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (acceptor, app) = (acceptor.clone(), app.clone());
        tokio::spawn(async move {
            // Browsers open connections that they then do not use.
            let Ok(stream) = acceptor.accept(stream).await else {
                return;
            };
            let service = TowerToHyperService::new(app);
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            let _ = connection.with_upgrades().await;
        });
    }
}
