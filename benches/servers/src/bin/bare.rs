//! axum without a sign-in: the page that all servers have.

use axum::{Router, routing::get};
use servers::{Outcome, Settings};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let app = Router::new().route("/", get(async || "Hello, +821012345678"));
    Settings::from_env()?.serve(app, |app| app).await
}
