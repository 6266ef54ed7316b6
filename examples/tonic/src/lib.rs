//! A gRPC service whose methods know the user, and a page that calls it.

#![forbid(unsafe_code)]

pub mod page;

use axum::Router;
use shop::orders_server::{Orders, OrdersServer};
use shop::{Order, Receipt};
use tokio::net::TcpListener;
use tonic::transport::{Error, Server, server::TcpIncoming};
use tonic::{Request, Response, Status, service::Routes};
use tower_phone_auth::{OAuthLayer, VerifiedUser};

/// The code made of `orders.proto`.
#[allow(missing_docs)]
pub mod shop {
    tonic::include_proto!("shop");
}

struct Shop;

#[tonic::async_trait]
impl Orders for Shop {
    async fn place(&self, call: Request<Order>) -> Result<Response<Receipt>, Status> {
        // The layer refused calls without a session, so a user is here. No interceptor is needed.
        let user = call.extensions().get::<VerifiedUser>();
        let user = user.ok_or_else(|| Status::internal("the service is not behind the layer"))?;
        let phone = user.phone.to_string();
        let item = call.into_inner().item;
        Ok(Response::new(Receipt { item, phone }))
    }
}

/// Serves gRPC by HTTP/2, and the pages of the sign-in and of the shop by HTTP/1.1 as well.
pub async fn serve(listener: TcpListener, auth: OAuthLayer, pages: Router) -> Result<(), Error> {
    let router = Server::builder()
        .accept_http1(true)
        .layer(auth)
        .add_routes(Routes::from(pages).add_service(OrdersServer::new(Shop)));
    let incoming = TcpIncoming::from(listener);
    router.serve_with_incoming(incoming).await
}
