//! Without a variable, the users are in memory and end with the process. `DATABASE_URL`, such as
//! `sqlite:shop.db`, keeps them, and needs the keys of `Keys::from_env`. `REVOCATION_FILE` keeps
//! the ended sessions. `LISTEN_ADDR` replaces `127.0.0.1:3000`.

use std::{env, error::Error, net::SocketAddr, process::ExitCode};

use tokio::net::TcpListener;
use tower_phone_auth::{OAuthLayer, revocation::FileLog};
use tower_phone_auth_database::{
    Shop, database,
    keys::Keys,
    local::{self, LocalSms},
};
use tower_phone_auth_local_provider::LocalProvider;
use tracing_subscriber::EnvFilter;

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
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false) // otherwise a full disk would end each request by a panic
        .init();
    let url = env::var("DATABASE_URL").ok();
    let keys = match url {
        Some(_) => Keys::from_env()?,
        None => Keys::random()?,
    };
    let db = database::open(url.as_deref()).await;
    let db = db.map_err(|error| format!("DATABASE_URL: {error}"))?;
    let address = env::var("LISTEN_ADDR").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = TcpListener::bind(address).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let local = LocalProvider::start().await?; // runs as long as this value
    let mut builder = local::providers(OAuthLayer::builder(), &local);
    if let Ok(path) = env::var("REVOCATION_FILE") {
        builder = builder.revocation_log(FileLog::open(path)?); // also after a restart
    }
    let shop = Shop::new(&origin, builder, &db, keys, LocalSms::new(&local)?)?;
    println!("open {origin}");
    // The phone step limits the messages of one client, by its address.
    let app = shop
        .app()
        .into_make_service_with_connect_info::<SocketAddr>();
    Ok(axum::serve(listener, app).await?)
}
