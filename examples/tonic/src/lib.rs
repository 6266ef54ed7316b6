//! A gRPC service whose methods know the user, and a page that calls it.

#![forbid(unsafe_code)]

mod page;
/// The code made of `orders.proto`.
#[allow(missing_docs)]
pub mod shop {
    tonic::include_proto!("shop");
}

use axum::{Router, routing::get};
use shop::{
    Order, Receipt,
    orders_client::OrdersClient,
    orders_server::{Orders, OrdersServer},
};
use tonic::{
    Request, Response, Status,
    service::Routes,
    transport::{Channel, Server, server::TcpIncoming},
};
use tower_phone_auth::{OAuthLayer, VerifiedUser};

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
pub async fn serve(
    listener: tokio::net::TcpListener,
    auth: OAuthLayer,
) -> Result<(), Box<dyn std::error::Error>> {
    let own = format!("http://{}", listener.local_addr()?);
    let client = OrdersClient::new(Channel::from_shared(own)?.connect_lazy());
    let pages = Router::new().route("/", get(page::home)).with_state(client);
    let router = Server::builder()
        .accept_http1(true)
        .layer(auth)
        .add_routes(Routes::from(pages).add_service(OrdersServer::new(Shop)));
    Ok(router
        .serve_with_incoming(TcpIncoming::from(listener))
        .await?)
}
