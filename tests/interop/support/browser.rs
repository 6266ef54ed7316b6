//! A browser that calls the application in process and the provider over HTTP.

use axum::{
    Router,
    body::{Body, Bytes},
};
use http::{
    Request, Response,
    header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION},
};
use http_body_util::BodyExt;
use reqwest::{Client, RequestBuilder, redirect::Policy};
use tokio::{net::TcpListener, runtime::Runtime};
use tower::ServiceExt;
use tower_phone_auth::error::{LoginError, LoginErrorKind};
use url::{Position, Url};

use super::{
    cookies::Jar,
    shop::ORIGIN,
    user::{Step, User},
};

/// More requests than any sign-in has.
const STEPS: usize = 20;

/// A host name that the browser resolves to loopback, and that servers cannot resolve.
pub(crate) const PUBLIC_HOST: &str = "keycloak.internal";

/// A response of the application with its whole body.
pub(crate) type Page = Response<Bytes>;

pub(crate) struct Browser {
    app: Router,
    client: Client,
    shop_cookies: Jar,
    provider_cookies: Jar,
}

impl Browser {
    pub(crate) fn new(app: Router) -> Self {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .resolve(PUBLIC_HOST, ([127, 0, 0, 1], 0).into());
        Self {
            app,
            client: client.build().unwrap(),
            shop_cookies: Jar::default(),
            provider_cookies: Jar::default(),
        }
    }

    /// Serves the shop also on a port, for a provider that calls it; its address.
    pub(crate) async fn listens(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = self.app.clone();
        tokio::spawn(async { axum::serve(listener, app).await });
        format!("http://{address}")
    }

    /// Serves the shop like a separate process, whose connections are closed when it ends.
    pub(crate) fn serves(&self, socket: &std::net::TcpListener) -> Process {
        let socket = socket.try_clone().unwrap();
        socket.set_nonblocking(true).unwrap();
        let app = self.app.clone();
        let runtime = Runtime::new().unwrap();
        runtime.spawn(async move {
            let listener = TcpListener::from_std(socket).unwrap();
            axum::serve(listener, app).await
        });
        Process(Some(runtime))
    }

    /// Another browser at the same shop.
    pub(crate) fn another(&self) -> Self {
        Self::new(self.app.clone())
    }

    /// Takes over the provider's cookies of a browser at another shop.
    pub(crate) fn shares_provider_cookies_of(&mut self, other: &Self) {
        self.provider_cookies = other.provider_cookies.clone();
    }

    /// Deletes the cookies of the shop, and keeps those of the provider.
    pub(crate) fn forgets_the_shop(&mut self) {
        self.shop_cookies = Jar::default();
    }

    /// Visits an address of the shop.
    pub(crate) async fn visit(&mut self, path: &str) -> Page {
        let request = Request::get(path)
            .header("sec-fetch-mode", "navigate")
            .header(ACCEPT, "text/html,*/*;q=0.8");
        self.call(request, String::new()).await
    }

    /// Presses the button of the sign-out page.
    pub(crate) async fn signs_out(&mut self) -> Page {
        let request = Request::post("/auth/logout")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-site", "same-origin");
        self.call(request, String::new()).await
    }

    /// Posts a form, as the provider does for an event.
    pub(crate) async fn posts(&mut self, path: &str, form: String) -> Page {
        let form_type = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(CONTENT_TYPE, form_type);
        self.call(request, form).await
    }

    async fn call(&mut self, mut request: http::request::Builder, body: String) -> Page {
        if let Some(cookies) = self.shop_cookies.header() {
            request = request.header(COOKIE, cookies);
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        self.shop_cookies.keep(response.headers());
        let (parts, body) = response.into_parts();
        Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
    }

    /// Follows a redirect to the provider and answers its pages; the path of the callback.
    pub(crate) async fn at_provider(&mut self, away: &Page, user: User) -> String {
        self.goes(location(away), user).await
    }

    /// Visits a page of the provider and answers its pages until it redirects to the shop.
    pub(crate) async fn goes(&mut self, to: &str, user: User) -> String {
        let arrived = self.follow_pages(to, user, STEPS).await;
        arrived.unwrap_or_else(|page| panic!("the provider never sent {user:?} back: {page}"))
    }

    /// The page that the provider shows after the first form, because it refuses the user.
    pub(crate) async fn stays_at_provider(&mut self, away: &Page, user: User) -> String {
        let arrived = self.follow_pages(location(away), user, 1).await;
        arrived.expect_err("a page of the provider")
    }

    /// The first page of the provider.
    pub(crate) async fn page_of_provider(&mut self, away: &Page) -> String {
        let arrived = self
            .follow_pages(location(away), User::agrees("unknown"), 0)
            .await;
        arrived.expect_err("a page of the provider")
    }

    /// The path of the callback, or the provider's page after this number of answers.
    async fn follow_pages(
        &mut self,
        to: &str,
        user: User,
        answers: usize,
    ) -> Result<String, String> {
        let mut at = Url::parse(to).unwrap();
        let mut request = self.client.get(at.clone());
        let mut answered = 0;
        for _ in 0..STEPS {
            let response = self.send(request).await;
            let next = response.headers().get(LOCATION).cloned();
            request = if let Some(next) = next {
                at = at.join(next.to_str().unwrap()).unwrap();
                if at.as_str().starts_with(ORIGIN) {
                    return Ok(at[Position::BeforePath..].to_owned());
                }
                self.client.get(at.clone())
            } else {
                let page = response.text().await.unwrap();
                if answered == answers {
                    return Err(page);
                }
                answered += 1;
                match user.answer(&page) {
                    Step::Follow(link) => {
                        at = at.join(&link).unwrap();
                        self.client.get(at.clone())
                    }
                    Step::Submit(form) => {
                        at = at.join(&form.action).unwrap();
                        let form_type = "application/x-www-form-urlencoded";
                        let post = self.client.post(at.clone()).body(form.body());
                        post.header(CONTENT_TYPE, form_type)
                    }
                }
            };
        }
        panic!("the provider redirects {user:?} in a loop, now to {at}");
    }

    async fn send(&mut self, mut request: RequestBuilder) -> reqwest::Response {
        if let Some(cookies) = self.provider_cookies.header() {
            request = request.header(COOKIE, cookies);
        }
        let response = request.header(ACCEPT, "text/html").send().await.unwrap();
        self.provider_cookies.keep(response.headers());
        response
    }

    /// Visits a protected page and signs in; the answer of the callback.
    pub(crate) async fn come_back(&mut self, user: User) -> Page {
        let away = self.visit("/cart?x=1").await;
        let callback = self.at_provider(&away, user).await;
        self.visit(&callback).await
    }

    /// Signs in; the text of the page that was visited first.
    pub(crate) async fn sign_in(&mut self, user: User) -> String {
        let back = self.come_back(user).await;
        assert_eq!(location(&back), "/cart?x=1");
        text(&self.visit("/cart?x=1").await)
    }
}

/// A server that runs until it is dropped.
pub(crate) struct Process(Option<Runtime>);

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

pub(crate) fn location(page: &Page) -> &str {
    let location = page.headers().get(LOCATION);
    let location = location.unwrap_or_else(|| panic!("{}: {}", page.status(), why(page)));
    location.to_str().unwrap()
}

/// A query parameter of a redirect's address.
pub(crate) fn parameter(page: &Page, name: &str) -> Option<String> {
    let url = Url::parse(location(page)).unwrap();
    let mut pairs = url.query_pairs();
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

pub(crate) fn text(page: &Page) -> String {
    String::from_utf8_lossy(page.body()).into_owned()
}

/// The status and the cause of a refused sign-in.
pub(crate) fn refusal(page: &Page) -> (u16, Option<LoginErrorKind>) {
    let error = page.extensions().get::<LoginError>();
    (page.status().as_u16(), error.map(LoginError::kind))
}

fn why(page: &Page) -> String {
    let error = page.extensions().get::<LoginError>();
    error.map_or_else(|| text(page), ToString::to_string)
}

/// A callback's path with one parameter replaced or removed.
pub(crate) fn altered(callback: &str, name: &str, value: Option<&str>) -> String {
    let (path, query) = callback.split_once('?').unwrap();
    let mut altered = form_urlencoded::Serializer::new(String::new());
    let others = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key != name);
    altered.extend_pairs(others);
    if let Some(value) = value {
        altered.append_pair(name, value);
    }
    format!("{path}?{}", altered.finish())
}
