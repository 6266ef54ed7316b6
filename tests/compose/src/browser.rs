//! A browser at an application, and its user at the local provider.

use std::{collections::BTreeMap, fmt::Debug};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE, WWW_AUTHENTICATE},
};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tower::{Service, ServiceExt};
use tower_phone_auth_local_provider::Person;

use crate::shop::{PHONE, Shop};

pub type Page = Response<Bytes>;

/// A browser at a service.
pub struct Browser<S> {
    app: S,
    origin: String,
    cookies: BTreeMap<String, String>,
    /// Headers of each request, besides `Accept` and `Cookie`.
    headers: HeaderMap,
}

/// Signs a user in and reads a page of the application with the user's number.
pub async fn signs_in<S, R>(shop: &Shop, app: S)
where
    S: Service<Request<Full<Bytes>>, Response = Response<R>, Error: Debug>,
    R: Body<Data = Bytes, Error: Debug>,
{
    let mut browser = Browser::new(shop, app);
    browser.signs_in().await;
    browser.reads("/orders", PHONE).await;
}

impl<S, R> Browser<S>
where
    S: Service<Request<Full<Bytes>>, Response = Response<R>, Error: Debug>,
    R: Body<Data = Bytes, Error: Debug>,
{
    pub fn new(shop: &Shop, app: S) -> Self {
        Self {
            app,
            origin: shop.origin.clone(),
            cookies: BTreeMap::new(),
            headers: HeaderMap::new(),
        }
    }

    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        let value = HeaderValue::from_static(value);
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }

    /// The session cookie as `name=value`.
    pub fn session(&self) -> String {
        let value = &self.cookies["phone-auth"];
        format!("phone-auth={value}")
    }

    /// Sends a request with these cookie lines.
    pub async fn send(&mut self, path: &str, accept: &str, cookies: &[String]) -> Page {
        let mut request = Request::get(path).header(ACCEPT, accept);
        for line in cookies {
            request = request.header(COOKIE, line);
        }
        request.headers_mut().unwrap().extend(self.headers.clone());
        let request = request.body(Full::default()).unwrap();
        let response = self.app.ready().await.unwrap().call(request).await;
        let (head, body) = response.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let page = Response::from_parts(head, body);
        self.keep_cookies(&page);
        page
    }

    fn keep_cookies(&mut self, page: &Page) {
        for line in page.headers().get_all(SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            match value {
                "" => self.cookies.remove(name),
                _ => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
    }

    fn jar(&self) -> Vec<String> {
        let pairs = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let pairs: Vec<_> = pairs.collect();
        if pairs.is_empty() {
            pairs
        } else {
            vec![pairs.join("; ")]
        }
    }

    /// A visit of a page.
    pub async fn visits(&mut self, path: &str) -> Page {
        let cookies = self.jar();
        self.send(path, "text/html,*/*;q=0.8", &cookies).await
    }

    /// A script's request.
    pub async fn fetches(&mut self, path: &str) -> Page {
        let cookies = self.jar();
        self.send(path, "*/*", &cookies).await
    }

    /// The user's way from a page that needs a sign-in, over the provider, and back to the page.
    pub async fn signs_in(&mut self) {
        let refused = self.fetches("/orders").await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{refused:?}");
        assert_eq!(refused.headers()[CONTENT_TYPE], "application/problem+json");
        assert!(refused.headers().contains_key(WWW_AUTHENTICATE));
        let back = self.comes_back("/orders?page=2").await;
        assert_eq!(location(&back), "/orders?page=2");
    }

    /// Visits a page and signs in. Returns the answer of the callback.
    pub async fn comes_back(&mut self, path: &str) -> Page {
        let away = self.visits(path).await;
        assert_eq!(away.status(), StatusCode::SEE_OTHER, "{away:?}");
        let callback = agrees(location(&away)).await;
        let callback = callback.strip_prefix(&self.origin).unwrap();
        let back = self.visits(callback).await;
        assert_eq!(back.status(), StatusCode::SEE_OTHER, "{back:?}");
        back
    }

    /// Reads a page that contains this text.
    pub async fn reads(&mut self, path: &str, text: &str) -> Page {
        let page = self.fetches(path).await;
        assert_eq!(page.status(), StatusCode::OK, "{page:?}");
        let body = String::from_utf8_lossy(page.body());
        assert!(body.contains(text), "{body}");
        page
    }
}

/// The user chooses an account and agrees. Returns the address of the callback.
async fn agrees(authorize: &str) -> String {
    let (page, query) = authorize.split_once('?').unwrap();
    let person = Person::WITH_PHONE;
    let form = format!("{query}&person={person}&phone_number=yes&decision=agree");
    let form = Request::post(page)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::from(form));
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let back = client.request(form.unwrap()).await.unwrap();
    let location = back.headers().get(LOCATION).unwrap();
    location.to_str().unwrap().to_owned()
}

pub fn location(page: &Page) -> &str {
    page.headers()[LOCATION].to_str().unwrap()
}
