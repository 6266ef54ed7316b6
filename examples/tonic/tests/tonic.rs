//! Calls of the service, and a whole sign-in whose page calls it.

use reqwest::{
    Client, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use tokio::net::TcpListener;
use tonic::{Code, Request, Status, transport::Channel};
use tower_phone_auth::{Kakao, OAuthLayer, SessionKey, TestUser};
use tower_phone_auth_local_provider::{LocalProvider, Person};
use tower_phone_auth_tonic::{
    page::pages,
    serve,
    shop::{Order, Receipt, orders_client::OrdersClient},
};

const PHONE: &str = "+821012345678";

struct Server {
    origin: String,
    auth: OAuthLayer,
    _provider: LocalProvider,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let local = LocalProvider::start().await.unwrap();
        let kakao = Kakao::new(local.client_id(), local.client_secret().unwrap());
        let kakao = kakao.endpoint_base(local.origin());
        let auth = OAuthLayer::new(kakao, &origin, SessionKey::random()).unwrap();
        let pages = pages(origin.clone()).unwrap();
        let serving = serve(listener, auth.clone(), pages);
        tokio::spawn(async { serving.await.unwrap() });
        Self {
            origin,
            auth,
            _provider: local,
        }
    }

    /// Orders tea, with this value of the metadata `cookie`.
    async fn orders(&self, cookie: Option<&str>) -> Result<Receipt, Status> {
        let channel = Channel::from_shared(self.origin.clone()).unwrap();
        let mut client = OrdersClient::new(channel.connect().await.unwrap());
        let item = "tea".to_owned();
        let mut call = Request::new(Order { item });
        if let Some(cookie) = cookie {
            call.metadata_mut()
                .insert("cookie", cookie.parse().unwrap());
        }
        client.place(call).await.map(|receipt| receipt.into_inner())
    }
}

#[tokio::test]
async fn a_call_with_the_cookie_of_a_user_reaches_the_method_with_the_user() {
    let server = Server::start().await;
    let cookie = TestUser::new("+82 10-1234-5678").unwrap();
    let cookie = cookie.cookie(&server.auth).unwrap();
    let receipt = server.orders(Some(&cookie)).await.unwrap();
    assert_eq!(
        (receipt.item.as_str(), receipt.phone.as_str()),
        ("tea", PHONE)
    );
}

#[tokio::test]
async fn a_call_without_a_session_that_goes_on_is_unauthenticated_with_the_reason() {
    let server = Server::start().await;
    let user = TestUser::new("+82 10-1234-5678").unwrap();
    let cookie = user.cookie(&server.auth).unwrap();
    let signed_in = user.user();
    let revoked = server.auth.revoke(&signed_in.provider, &signed_in.subject);
    revoked.await.unwrap();
    for (cookie, reason) in [
        (None, "no_session"),
        (Some("theme=dark"), "no_session"),
        (Some("phone-auth=nonsense"), "no_session"),
        (Some(&*cookie), "ended"),
    ] {
        let status = server.orders(cookie).await.unwrap_err();
        assert_eq!(status.code(), Code::Unauthenticated, "{cookie:?}");
        assert_eq!(status.message(), reason, "{cookie:?}");
    }
}

#[tokio::test]
async fn a_user_signs_in_at_the_page_which_calls_the_service_with_the_cookie() {
    let server = Server::start().await;
    let client = Client::builder().redirect(Policy::none()).no_proxy();
    let client = client.build().unwrap();
    let visit = |url: String, cookies: String| {
        let request = client.get(url).header(ACCEPT, "text/html");
        request.header(COOKIE, cookies).send()
    };
    let away = visit(server.origin.clone(), String::new()).await.unwrap();
    let pending = cookies(away.headers());
    let authorize = away.headers()[LOCATION].to_str().unwrap();
    let (page, query) = authorize.split_once('?').unwrap();
    let person = Person::WITH_PHONE;
    let form = format!("{query}&person={person}&phone_number=yes&decision=agree");
    let agreed = client.post(page).body(form);
    let agreed = agreed.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let agreed = agreed.send().await.unwrap();
    let callback = agreed.headers()[LOCATION].to_str().unwrap().to_owned();
    let back = visit(callback, pending).await.unwrap();
    assert_eq!(back.status(), StatusCode::SEE_OTHER);

    let home = visit(server.origin.clone(), cookies(back.headers())).await;
    let home = home.unwrap().text().await.unwrap();
    assert!(
        home.contains("Ordered: tea") && home.contains(PHONE),
        "{home}"
    );
}

/// The cookies that a response sets, as a request sends them.
fn cookies(headers: &HeaderMap) -> String {
    let lines = headers.get_all(SET_COOKIE).iter();
    let pairs = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap());
    pairs.collect::<Vec<_>>().join("; ")
}
