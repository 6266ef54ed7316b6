//! A browser with cookies, which calls the shop in process and the providers over HTTP.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use cookie::Cookie;
use http_body_util::BodyExt;
use reqwest::redirect::Policy;
use tower::ServiceExt;
use tower_phone_auth_local_provider::LocalProvider;

pub const ORIGIN: &str = "http://127.0.0.1:3000";
const FORM: &str = "application/x-www-form-urlencoded";

pub struct Browser {
    app: Router,
    local: Arc<LocalProvider>,
    client: reqwest::Client,
    pub cookies: BTreeMap<String, String>,
    /// The value of `Sec-Fetch-Site` of forms.
    pub site: &'static str,
}

pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub text: String,
}

impl Page {
    #[track_caller]
    pub fn goes_to(&self, path: &str) {
        let Self { status, text, .. } = self;
        assert_eq!(self.location, path, "{status} {text}");
    }

    #[track_caller]
    pub fn is(&self, status: u16, text: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert!(self.text.contains(text), "{}", self.text);
    }
}

impl Browser {
    pub fn new(app: Router, local: Arc<LocalProvider>) -> Self {
        let client = reqwest::Client::builder().redirect(Policy::none());
        Self {
            app,
            local,
            client: client.no_proxy().build().unwrap(),
            cookies: BTreeMap::new(),
            site: "same-origin",
        }
    }

    /// Opens a page. The layer redirects to the same page once to renew the claims of a session.
    pub async fn get(&mut self, path: &str) -> Page {
        let page = self.call(Request::get(path), "").await;
        match page.status {
            StatusCode::TEMPORARY_REDIRECT => self.call(Request::get(page.location), "").await,
            _ => page,
        }
    }

    pub async fn post(&mut self, path: &str, form: &str) -> Page {
        let request = Request::post(path).header(header::CONTENT_TYPE, FORM);
        let request = request.header("sec-fetch-site", self.site);
        self.call(request, form).await
    }

    async fn call(&mut self, request: axum::http::request::Builder, body: &str) -> Page {
        let cookies = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let request = request
            .header(header::COOKIE, cookies.collect::<Vec<_>>().join("; "))
            .header(header::ACCEPT, "text/html,*/*;q=0.8")
            .header("sec-fetch-mode", "navigate");
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (head, body) = self
            .app
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();
        for cookie in head.headers.get_all(header::SET_COOKIE) {
            let cookie = Cookie::parse(cookie.to_str().unwrap()).unwrap();
            let (name, value) = (cookie.name().to_owned(), cookie.value().to_owned());
            match cookie.max_age().is_some_and(|age| age.is_zero()) {
                true => self.cookies.remove(&name),
                false => self.cookies.insert(name, value),
            };
        }
        let location = head.headers.get(header::LOCATION);
        let location = location.map_or("", |value| value.to_str().unwrap());
        let body = body.collect().await.unwrap().to_bytes();
        Page {
            status: head.status,
            location: location.to_owned(),
            text: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// Signs in at a provider, up to the phone step.
    pub async fn sign_in(&mut self, provider: &str, person: u64) -> Page {
        let login = format!("/auth/login?provider={provider}&return_to=/");
        self.follow(&login, person).await
    }

    /// Opens an address that leads to a provider, and agrees to everything there. A provider that
    /// does not give the number is asked twice.
    pub async fn follow(&mut self, path: &str, person: u64) -> Page {
        let mut page = self.get(path).await;
        while page.location.starts_with(&self.local.origin()) {
            let callback = self.agree(&page.location, person).await;
            page = self.get(&callback).await;
        }
        page
    }

    async fn agree(&self, address: &str, person: u64) -> String {
        let (address, query) = address.split_once('?').unwrap();
        let form = format!("{query}&person={person}&phone_number=yes&decision=agree");
        let form = self.client.post(address).body(form);
        let form = form.header(header::CONTENT_TYPE, FORM);
        let agreed = form.send().await.unwrap();
        let callback = agreed.headers()[header::LOCATION].to_str().unwrap();
        callback.strip_prefix(ORIGIN).unwrap().to_owned()
    }

    /// Goes through the phone step.
    pub async fn confirm(&mut self, number: &str) -> Page {
        let sent = self.post("/auth/phone", &format!("number={number}")).await;
        sent.goes_to("/auth/phone/code");
        let code = self.local.inbox()[0].code().unwrap().to_owned();
        self.post("/auth/phone/code", &format!("code={code}")).await
    }

    pub fn has_session(&self) -> bool {
        self.cookies.contains_key("phone-auth")
    }
}
