//! Settings and the listener, equal in all servers.

use std::{env, error::Error};

use axum::{Router, routing::get};
use tokio::net::TcpListener;

pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

pub struct Settings {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    /// The server's own origin.
    pub origin: String,
    port: u16,
}

impl Settings {
    pub fn from_env() -> Outcome<Self> {
        let port = env::var("PORT")?.parse()?;
        Ok(Self {
            issuer: env::var("ISSUER")?,
            client_id: env::var("CLIENT_ID")?,
            client_secret: env::var("CLIENT_SECRET")?,
            origin: format!("http://127.0.0.1:{port}"),
            port,
        })
    }

    /// Serves the application, with a health check within its layer.
    pub async fn serve(&self, app: Router, layer: impl FnOnce(Router) -> Router) -> Outcome {
        let app = layer(app.route("/healthz", get(async || "ok")));
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await?;
        Ok(axum::serve(listener, app).await?)
    }
}
