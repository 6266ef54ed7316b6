//! axum over HTTP/2. Browsers send each cookie as a header line of its own (RFC 9113 section
//! 8.2.3), and hyper passes the lines on as they came.

use std::fmt::Debug;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::Body;
use http_body_util::Full;
use tower::{Layer, Service};

use crate::{
    browser::{Browser, signs_in},
    network::{listener, server},
    shop::{Bare, PHONE, Shop, routes},
};

#[tokio::test]
async fn over_http2_a_user_signs_in_with_cookies_on_lines_of_their_own() {
    let (listener, origin) = listener().await;
    let address = listener.local_addr().unwrap();
    let shop = Shop::at(&origin).await;
    let app = routes().layer(shop.auth.clone());
    tokio::spawn(async { axum::serve(listener, app).await });
    signs_in(&shop, server(address, true)).await;

    let mut browser = Browser::new(&shop, server(address, true));
    browser.signs_in().await;
    reads_each_split(&mut browser).await;
}

#[tokio::test]
async fn a_bare_service_reads_cookies_on_lines_of_their_own() {
    let shop = Shop::open().await;
    let mut browser = Browser::new(&shop, shop.auth.layer(Bare));
    browser.signs_in().await;
    reads_each_split(&mut browser).await;
}

/// The session at each place among other cookies.
async fn reads_each_split<S, R>(browser: &mut Browser<S>)
where
    S: Service<Request<Full<Bytes>>, Response = Response<R>, Error: Debug>,
    R: Body<Data = Bytes, Error: Debug>,
{
    let session = browser.session();
    let others = || ["theme=dark".to_owned(), "cart=7".to_owned()];
    for place in 0..=2 {
        let mut lines = others().to_vec();
        lines.insert(place, session.clone());
        let page = browser.send("/orders", "*/*", &lines).await;
        assert_eq!(page.status(), StatusCode::OK, "{lines:?}");
        assert!(String::from_utf8_lossy(page.body()).contains(PHONE));
    }
    let page = browser.send("/orders", "*/*", &others()).await;
    assert_eq!(page.status(), StatusCode::UNAUTHORIZED);
}
