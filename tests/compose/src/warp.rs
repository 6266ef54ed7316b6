//! warp 0.4 behind the layer, on hyper.

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tower::ServiceBuilder;
use tower_phone_auth::VerifiedUser;
use warp::Filter;

use crate::{
    browser::signs_in,
    network::{listener, server},
    shop::{Shop, orders},
};

#[tokio::test]
async fn a_user_signs_in_at_warp() {
    let (listener, origin) = listener().await;
    let address = listener.local_addr().unwrap();
    let shop = Shop::at(&origin).await;
    let user = warp::ext::optional::<VerifiedUser>();
    let page = warp::any()
        .and(user)
        .map(|user: Option<VerifiedUser>| orders(user.as_ref()));
    let service = ServiceBuilder::new()
        .layer(shop.auth.clone())
        .service(warp::service(page));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move {
                let server = auto::Builder::new(TokioExecutor::new());
                server.serve_connection(TokioIo::new(stream), service).await
            });
        }
    });
    for http2 in [false, true] {
        signs_in(&shop, server(address, http2)).await;
    }
}
