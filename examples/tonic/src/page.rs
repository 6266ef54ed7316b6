//! A page that orders at the gRPC service in the name of its user. It could be another program on
//! the same origin, whose layer has the same `public_url` and `session_key`.

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::COOKIE, uri::InvalidUri},
    response::Html,
    routing::get,
};
use tonic::{Request, metadata::AsciiMetadataValue, transport::Channel};

use crate::shop::{Order, orders_client::OrdersClient};

/// The pages. `service` is the address of the gRPC service.
pub fn pages(service: String) -> Result<Router, InvalidUri> {
    let client = OrdersClient::new(Channel::from_shared(service)?.connect_lazy());
    Ok(Router::new().route("/", get(home)).with_state(client))
}

async fn home(
    State(mut orders): State<OrdersClient<Channel>>,
    headers: HeaderMap,
) -> Result<Html<String>, (StatusCode, String)> {
    let item = "tea".to_owned();
    let mut call = Request::new(Order { item });
    // The session of the browser goes along, and the service checks it by itself.
    for line in headers.get_all(COOKIE) {
        if let Ok(line) = AsciiMetadataValue::try_from(line.as_bytes()) {
            call.metadata_mut().append("cookie", line);
        }
    }
    let receipt = orders.place(call).await.map_err(|status| {
        let text = format!("The service refused: {}", status.message());
        (StatusCode::BAD_GATEWAY, text)
    })?;
    let receipt = receipt.into_inner();
    Ok(Html(format!(
        "<!doctype html><meta name=viewport content='width=device-width'><title>Orders</title>
         <h1>Ordered: {}</h1><p>The service knows you by {}.</p>
         <form method=post action=/auth/logout><button>Sign out</button></form>",
        receipt.item, receipt.phone
    )))
}
