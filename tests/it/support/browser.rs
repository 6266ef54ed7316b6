//! A browser with cookies and redirects, and a user who fills in the provider's page.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::{Body, Bytes},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version,
    header::{ACCEPT, COOKIE, LOCATION, SET_COOKIE},
};
use http_body_util::BodyExt;
use reqwest::redirect::Policy;
use tower::ServiceExt;
use tower_phone_auth::error::{LoginError, LoginErrorKind};
use tower_phone_auth_local_provider::Person;
use url::Url;

/// An action of the user on the provider's page.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    /// Signs in as this person and agrees to everything.
    Agree(u64),
    /// Signs in as this person and unticks the box of the phone number.
    Untick(u64),
    Cancel,
}

/// The headers that a browser sends with a form.
pub(crate) const FORM: [(&str, &str); 6] = [
    ("accept", "text/html,*/*;q=0.8"),
    ("content-type", "application/x-www-form-urlencoded"),
    ("origin", "http://127.0.0.1:3000"),
    ("referer", "http://127.0.0.1:3000/basket?step=2"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-site", "same-origin"),
];

pub(crate) const JIWOO: Act = Act::Agree(Person::WITH_PHONE);

/// A call of a gRPC client (gRPC over HTTP/2, "Requests").
pub(crate) fn grpc_call(path: &str) -> Request<Body> {
    let request = Request::post(path).version(Version::HTTP_2);
    let request = request.header("content-type", "application/grpc+proto");
    request
        .header("te", "trailers")
        .body(Body::from(&b"\0\0\0\0\0"[..]))
        .unwrap()
}

/// A browser that calls the application in process and the provider over HTTP.
pub(crate) struct Browser {
    app: Router,
    origin: Url,
    pub(crate) cookies: BTreeMap<String, String>,
    provider_cookie: Option<HeaderValue>,
    client: reqwest::Client,
    pub(crate) headers: HeaderMap,
}

/// A response with its complete body.
pub(crate) type Page = Response<Bytes>;

impl Browser {
    pub(crate) fn new(app: Router, origin: &str) -> Self {
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy();
        Self {
            app,
            origin: origin.parse().unwrap(),
            cookies: BTreeMap::new(),
            provider_cookie: None,
            client: client.build().unwrap(),
            headers: HeaderMap::new(),
        }
    }

    /// Replaces the application, as after a restart. The cookies stay.
    pub(crate) fn moves_to(&mut self, app: Router) {
        self.app = app;
    }

    /// Opens an address that the user typed.
    pub(crate) async fn visit(&mut self, path: &str) -> Page {
        let page = ("sec-fetch-mode", "navigate");
        self.send(
            Method::GET,
            path,
            &[page, ("accept", "text/html,*/*;q=0.8")],
        )
        .await
    }

    /// Sends a form of the page `/basket`.
    pub(crate) async fn submit(&mut self, path: &str, body: impl Into<Body>) -> Page {
        self.submit_as(&FORM, path, body).await
    }

    pub(crate) async fn submit_as(
        &mut self,
        headers: &[(&'static str, &str)],
        path: &str,
        body: impl Into<Body>,
    ) -> Page {
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.call(request.body(body.into()).unwrap()).await
    }

    /// Calls the application from a script on its own page.
    pub(crate) async fn fetch(&mut self, method: Method, path: &str) -> Page {
        let script = [
            ("sec-fetch-mode", "cors"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(method, path, &script).await
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Page {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        *request.headers_mut() = self.headers.clone();
        for (name, value) in headers {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            request
                .headers_mut()
                .append(HeaderName::from_static(name), value);
        }
        self.call(request).await
    }

    pub(crate) async fn call(&mut self, mut request: Request<Body>) -> Page {
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        if !pairs.is_empty() {
            let value = HeaderValue::from_str(&pairs.join("; ")).unwrap();
            request.headers_mut().append(COOKIE, value);
        }
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let page = Response::from_parts(parts, body);
        self.keep_cookies(&page);
        page
    }

    pub(crate) fn keep_cookies(&mut self, page: &Page) {
        for header in page.headers().get_all(SET_COOKIE) {
            let cookie = cookie::Cookie::parse(header.to_str().unwrap()).unwrap();
            let gone = cookie.max_age().is_some_and(|age| age.is_zero());
            if gone {
                self.cookies.remove(cookie.name());
            } else {
                let (name, value) = cookie.name_value();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Follows a redirect to the provider and acts there. Returns the path of the callback.
    pub(crate) async fn act(&mut self, page: &Page, act: Act) -> String {
        self.act_at(location(page), act).await
    }

    /// Opens an address of the provider and acts there. Returns the path of the callback.
    pub(crate) async fn act_at(&mut self, address: &str, act: Act) -> String {
        let authorize: Url = address.parse().unwrap();
        let shown = self.at_provider(self.client.get(authorize.clone())).await;
        let callback = if shown.status() == StatusCode::FOUND {
            shown
        } else {
            assert_eq!(shown.status(), StatusCode::OK, "the provider's page");
            let mut page = authorize.clone();
            page.set_query(None);
            let form = self.client.post(page);
            let form = form
                .header("content-type", "application/x-www-form-urlencoded")
                .body(fill_in(&authorize, act));
            self.at_provider(form).await
        };
        let callback = callback.headers().get(LOCATION).unwrap().to_str().unwrap();
        let url = Url::parse(callback).unwrap();
        assert_eq!(url.origin(), self.origin.origin());
        url[url::Position::BeforePath..].to_owned()
    }

    async fn at_provider(&mut self, request: reqwest::RequestBuilder) -> reqwest::Response {
        let mut request = request.header(ACCEPT, "text/html");
        if let Some(cookie) = &self.provider_cookie {
            request = request.header(COOKIE, cookie);
        }
        let response = request.send().await.unwrap();
        if let Some(cookie) = response.headers().get(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            self.provider_cookie = Some(pair.parse().unwrap());
        }
        response
    }

    /// Makes the browser's session at the provider one of this person. `None` ends the session.
    pub(crate) fn set_provider_session(&mut self, person: Option<u64>) {
        self.provider_cookie = person.map(|person| {
            let cookie = format!("local_provider_person={person}.1700000000");
            cookie.parse().unwrap()
        });
    }

    /// Visits a protected page and signs in. Returns the answer to the callback.
    pub(crate) async fn come_back(&mut self, path: &str, act: Act) -> Page {
        let away = self.visit(path).await;
        let callback = self.act(&away, act).await;
        self.visit(&callback).await
    }

    /// Visits a protected page, signs in, and returns that page.
    pub(crate) async fn sign_in(&mut self, path: &str, act: Act) -> Page {
        let back = self.come_back(path, act).await;
        assert_eq!(back.status(), StatusCode::SEE_OTHER, "{}", text(&back));
        self.visit(location(&back)).await
    }

    /// Visits a protected page and signs in as far as possible. Returns the last answer.
    pub(crate) async fn try_to_sign_in(&mut self, path: &str) -> Page {
        let page = self.visit(path).await;
        if page.status() != StatusCode::SEE_OTHER {
            return page;
        }
        let callback = self.act(&page, JIWOO).await;
        self.visit(&callback).await
    }

    pub(crate) fn jar(&self) -> Vec<(String, String)> {
        self.cookies.clone().into_iter().collect()
    }

    pub(crate) fn session(&self) -> Option<&str> {
        self.cookies.get("phone-auth").map(String::as_str)
    }

    /// Whether the browser holds neither a session nor a pending sign-in. The cookies of finished
    /// sign-ins and of a refused account may stay.
    pub(crate) fn has_no_sign_in_cookies(&self) -> bool {
        let mut names = self.cookies.keys();
        names.all(|name| name.starts_with("phone-auth-done-") || name == "phone-auth-account")
    }

    pub(crate) fn pending(&self) -> Vec<&str> {
        let names = self.cookies.keys().map(String::as_str);
        names
            .filter(|name| name.starts_with("phone-auth-login-"))
            .collect()
    }
}

/// The body of the form on the provider's page.
fn fill_in(authorize: &Url, act: Act) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(authorize.query_pairs());
    match act {
        Act::Agree(person) => {
            form.append_pair("person", &person.to_string());
            form.append_pair("phone_number", "yes");
            form.append_pair("decision", "agree");
        }
        Act::Untick(person) => {
            form.append_pair("person", &person.to_string());
            form.append_pair("decision", "agree");
        }
        Act::Cancel => {
            form.append_pair("decision", "cancel");
        }
    }
    form.finish()
}

pub(crate) fn location(page: &Page) -> &str {
    let location = page.headers().get(LOCATION);
    let location = location.unwrap_or_else(|| panic!("{}: {}", page.status(), text(page)));
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

/// The path of a callback with one parameter changed, or removed.
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

/// The reason why a sign-in was refused, or `None` if it was not.
pub(crate) fn refusal(page: &Page) -> Option<LoginErrorKind> {
    let error = page.extensions().get::<LoginError>();
    error.map(LoginError::kind)
}

pub(crate) fn set_cookies(page: &Page) -> Vec<&str> {
    let headers = page.headers().get_all(SET_COOKIE).iter();
    headers.map(|header| header.to_str().unwrap()).collect()
}

/// The `Location` of a redirect as its bytes stand, which need not be ASCII.
pub(crate) fn raw_location(page: &Page) -> String {
    let location = page.headers()[LOCATION].as_bytes();
    String::from_utf8(location.to_vec()).unwrap()
}

/// Maps each cause of a callback without a pending sign-in to `UnknownState`.
pub(crate) fn not_pending(kind: Option<LoginErrorKind>) -> Option<LoginErrorKind> {
    use LoginErrorKind as K;

    match kind {
        Some(K::NoCookies | K::OtherWindow | K::OtherHost | K::LoginExpired) => {
            Some(K::UnknownState)
        }
        other => other,
    }
}
