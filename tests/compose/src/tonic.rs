//! tonic 0.14: the layer of a gRPC server, around its routes.

use tonic::{
    Code, Request, Status,
    metadata::AsciiMetadataValue,
    transport::{Channel, Server, server::TcpIncoming},
};
use tonic_health::{
    ServingStatus,
    pb::{HealthCheckRequest, health_client::HealthClient, health_server::HealthServer},
    server::{HealthReporter, HealthService},
};
use tower_phone_auth::{OAuthLayer, VerifiedUser};

use crate::{
    browser::Browser,
    network::{listener, server},
    shop::{PHONE, Shop},
};

/// Refuses calls without the user, so that an answer shows that the user arrived.
#[allow(clippy::result_large_err)]
fn knows_the_user(call: Request<()>) -> Result<Request<()>, Status> {
    match call.extensions().get::<VerifiedUser>() {
        Some(user) if user.phone.to_string() == PHONE => Ok(call),
        _ => Err(Status::internal("no user")),
    }
}

async fn serve(listener: tokio::net::TcpListener, auth: OAuthLayer) {
    let reporter = HealthReporter::new();
    reporter
        .set_service_status("shop", ServingStatus::Serving)
        .await;
    let health = HealthService::from_health_reporter(reporter);
    let health = HealthServer::with_interceptor(health, knows_the_user);
    // HTTP/1.1 is for the page visits of the sign-in.
    let router = Server::builder()
        .accept_http1(true)
        .layer(auth)
        .add_service(health);
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener)));
}

/// The status of a call with these cookie lines.
async fn calls(origin: &str, cookies: &[&str]) -> Code {
    let channel = Channel::from_shared(origin.to_owned())
        .unwrap()
        .connect()
        .await;
    let mut client = HealthClient::new(channel.unwrap());
    let service = "shop".to_owned();
    let mut call = Request::new(HealthCheckRequest { service });
    for line in cookies {
        let line: AsciiMetadataValue = line.parse().unwrap();
        call.metadata_mut().append("cookie", line);
    }
    client
        .check(call)
        .await
        .map_or_else(|status| status.code(), |_| Code::Ok)
}

#[tokio::test]
async fn a_user_signs_in_at_tonic_and_calls_it() {
    let (listener, origin) = listener().await;
    let address = listener.local_addr().unwrap();
    let shop = Shop::at(&origin).await;
    serve(listener, shop.auth.clone()).await;
    assert_eq!(calls(&origin, &[]).await, Code::Unauthenticated);

    for http2 in [false, true] {
        let mut browser = Browser::new(&shop, server(address, http2));
        browser.signs_in().await;
        let session = browser.session();
        assert_eq!(calls(&origin, &[&session]).await, Code::Ok);
        assert_eq!(
            calls(&origin, &["theme=dark", &session, "cart=7"]).await,
            Code::Ok
        );
        let broken = session.replacen("phone-auth=", "phone-auth=x", 1);
        assert_eq!(calls(&origin, &[&broken]).await, Code::Unauthenticated);
    }
}
