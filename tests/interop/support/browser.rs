//! A browser: it calls the app in process and the provider over HTTP, and follows redirects.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
};
use http::{
    HeaderMap, Request, Response,
    header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
};
use http_body_util::BodyExt;
use reqwest::{Client, RequestBuilder, redirect::Policy};
use tokio::{net::TcpListener, runtime::Runtime};
use tower::ServiceExt;
use tower_phone_auth::{LoginError, LoginErrorKind};
use url::{Position, Url};

use super::{
    person::{Person, Step},
    shop::ORIGIN,
};

/// More pages than any login has.
const STEPS: usize = 20;

/// A name of this machine that browsers know and servers do not.
pub(crate) const FRONT: &str = "keycloak.internal";

/// A response of the app, read whole.
pub(crate) type Page = Response<Bytes>;

pub(crate) struct Browser {
    app: Router,
    client: Client,
    ours: Jar,
    theirs: Jar,
}

impl Browser {
    pub(crate) fn new(app: Router) -> Self {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .resolve(FRONT, ([127, 0, 0, 1], 0).into());
        Self {
            app,
            client: client.build().unwrap(),
            ours: Jar::default(),
            theirs: Jar::default(),
        }
    }

    /// The shop also listens, for a provider that calls it: its address.
    pub(crate) async fn listens(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = self.app.clone();
        tokio::spawn(async { axum::serve(listener, app).await });
        format!("http://{address}")
    }

    /// The shop listens as a process of its own does: at its end, its connections are gone.
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

    /// Somebody else at the same shop.
    pub(crate) fn another(&self) -> Self {
        Self::new(self.app.clone())
    }

    /// The same browser at another shop: it has the provider's cookies of the other one.
    pub(crate) fn goes_on_with(&mut self, other: &Self) {
        self.theirs = other.theirs.clone();
    }

    /// The session at the shop is gone, the one at the provider is not.
    pub(crate) fn forgets_the_shop(&mut self) {
        self.ours = Jar::default();
    }

    /// Types an address of the shop.
    pub(crate) async fn visit(&mut self, path: &str) -> Page {
        let request = Request::get(path)
            .header("sec-fetch-mode", "navigate")
            .header(ACCEPT, "text/html,*/*;q=0.8");
        self.call(request, String::new()).await
    }

    /// Presses the button of the shop's page for signing out.
    pub(crate) async fn signs_out(&mut self) -> Page {
        let request = Request::post("/auth/logout")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-site", "same-origin");
        self.call(request, String::new()).await
    }

    /// Posts a form, as the provider does on its own account.
    pub(crate) async fn posts(&mut self, path: &str, form: String) -> Page {
        let form_type = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(CONTENT_TYPE, form_type);
        self.call(request, form).await
    }

    async fn call(&mut self, mut request: http::request::Builder, body: String) -> Page {
        if let Some(cookies) = self.ours.header() {
            request = request.header(COOKIE, cookies);
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        self.ours.keep(response.headers());
        let (parts, body) = response.into_parts();
        Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
    }

    /// Follows a redirect to the provider and does there what `person` does; gives the callback.
    pub(crate) async fn at_provider(&mut self, away: &Page, person: Person) -> String {
        self.goes(location(away), person).await
    }

    /// Goes to a page of the provider and does there what `person` does, until it leads to the shop.
    pub(crate) async fn goes(&mut self, to: &str, person: Person) -> String {
        let arrived = self.walks(to, person, STEPS).await;
        arrived.unwrap_or_else(|page| panic!("the provider never sent {person:?} back: {page}"))
    }

    /// The provider does not let `person` through: the page that they see after the first form.
    pub(crate) async fn stays_at_provider(&mut self, away: &Page, person: Person) -> String {
        let arrived = self.walks(location(away), person, 1).await;
        arrived.expect_err("a page of the provider")
    }

    /// The first page that the provider shows.
    pub(crate) async fn page_of_provider(&mut self, away: &Page) -> String {
        let arrived = self
            .walks(location(away), Person::agrees("nobody"), 0)
            .await;
        arrived.expect_err("a page of the provider")
    }

    /// The callback, or the provider's page after so many answers of `person`.
    async fn walks(&mut self, to: &str, person: Person, answers: usize) -> Result<String, String> {
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
                match person.answer(&page) {
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
        panic!("the provider sends {person:?} in circles, now to {at}");
    }

    async fn send(&mut self, mut request: RequestBuilder) -> reqwest::Response {
        if let Some(cookies) = self.theirs.header() {
            request = request.header(COOKIE, cookies);
        }
        let response = request.header(ACCEPT, "text/html").send().await.unwrap();
        self.theirs.keep(response.headers());
        response
    }

    /// Visits a protected page, signs in, and gives the callback's answer.
    pub(crate) async fn come_back(&mut self, person: Person) -> Page {
        let away = self.visit("/cart?x=1").await;
        let callback = self.at_provider(&away, person).await;
        self.visit(&callback).await
    }

    /// The whole journey; gives what the page that was asked for says of the person.
    pub(crate) async fn sign_in(&mut self, person: Person) -> String {
        let back = self.come_back(person).await;
        assert_eq!(location(&back), "/cart?x=1");
        text(&self.visit("/cart?x=1").await)
    }
}

/// Runs until it is dropped.
pub(crate) struct Process(Option<Runtime>);

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[derive(Clone, Default)]
struct Jar(BTreeMap<String, String>);

impl Jar {
    fn header(&self) -> Option<String> {
        let pairs: Vec<_> = self.0.iter().map(|(k, v)| format!("{k}={v}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let cookie = cookie::Cookie::parse(header.to_str().unwrap()).unwrap();
            let (name, value) = cookie.name_value();
            if value.is_empty() || cookie.max_age().is_some_and(|age| age.is_zero()) {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

pub(crate) fn location(page: &Page) -> &str {
    let location = page.headers().get(LOCATION);
    let location = location.unwrap_or_else(|| panic!("{}: {}", page.status(), why(page)));
    location.to_str().unwrap()
}

/// One parameter of the address that a redirect leads to.
pub(crate) fn parameter(page: &Page, name: &str) -> Option<String> {
    let url = Url::parse(location(page)).unwrap();
    let mut pairs = url.query_pairs();
    pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

pub(crate) fn text(page: &Page) -> String {
    String::from_utf8_lossy(page.body()).into_owned()
}

/// The status and the cause of a refused login.
pub(crate) fn refusal(page: &Page) -> (u16, Option<LoginErrorKind>) {
    let error = page.extensions().get::<LoginError>();
    (page.status().as_u16(), error.map(LoginError::kind))
}

fn why(page: &Page) -> String {
    let error = page.extensions().get::<LoginError>();
    error.map_or_else(|| text(page), ToString::to_string)
}

/// A callback's path with one parameter set to another value, or taken out.
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
