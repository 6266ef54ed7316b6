//! One failure, and the line that it must write.

use std::{fmt::Write, time::Duration};

use http::{HeaderMap, HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::{Value, json};
use tower_phone_auth::{Oidc, provider::Provider};
use tower_phone_auth_local_provider::{Endpoint, LocalProvider, Par, faults::Fault};
use tracing::Level;

use crate::support::clients::Clients as _;
use crate::support::{
    browser::{Act, JIWOO, Page, altered},
    events::{Events, Line},
    shop::Shop,
};

/// The client that the application configures.
#[derive(Clone)]
pub(super) enum Client {
    OpenId,
    /// With pushed authorization requests.
    Pushed,
    Kakao,
    Naver,
    Google,
    /// An OpenID provider at this issuer.
    At(String),
    /// A client that this function makes.
    From(fn(&LocalProvider) -> Provider),
}

pub(super) enum Trouble {
    /// The settings of the client are wrong.
    Settings,
    Answer(Endpoint, Fault),
    /// The provider is changed by this function.
    Change(fn(&LocalProvider)),
    /// The callback has these parameters in place of a code.
    Callback(Vec<(&'static str, &'static str)>),
    User(Act),
}

/// The level of the line and the status of the page: a fault for the operator.
pub(super) const OPERATOR: (Level, u16) = (Level::ERROR, 502);
/// A fault of the provider.
pub(super) const PROVIDER: (Level, u16) = (Level::WARN, 502);
/// A provider that is busy or limits its clients.
pub(super) const BUSY: (Level, u16) = (Level::WARN, 503);
/// A provider that does not answer in time.
pub(super) const TIMEOUT: (Level, u16) = (Level::WARN, 504);
/// A code that the provider refused.
pub(super) const USED_CODE: (Level, u16) = (Level::WARN, 400);

/// Parameters of requests that are no secrets.
pub(super) const PUBLIC_PARAMETERS: [&str; 6] = [
    "client_id",
    "grant_type",
    "redirect_uri",
    "response_type",
    "scope",
    "code_challenge_method",
];

/// Fields of the line, each with a part of its value.
pub(super) type Fields = &'static [(&'static str, &'static str)];

pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) client: Client,
    pub(super) trouble: Trouble,
    pub(super) level: Level,
    pub(super) status: u16,
    pub(super) fields: Fields,
}

pub(super) fn row(
    name: &'static str,
    (client, trouble): (Client, Trouble),
    (level, status): (Level, u16),
    fields: Fields,
) -> Row {
    Row {
        name,
        client,
        trouble,
        level,
        status,
        fields,
    }
}

impl Row {
    /// Causes the failure, and compares the page and the line with the row.
    pub(super) async fn check(self) {
        let events = Events::capture();
        let (page, shop, cookies) = self.sign_in().await;
        self.assert_no_leak(&events, &shop, &cookies);
        let lines = events.audit("refusal");
        let [line] = lines.as_slice() else {
            panic!("{}: expected one line: {}", self.name, events.text())
        };
        println!("{}\n    {}", self.name, shown(line));
        assert_eq!(line.level, self.level, "{}: {line:?}", self.name);
        assert_eq!(page.status(), self.status, "{}: {line:?}", self.name);
        for (field, part) in self.fields {
            let value = line.fields.get(field).map_or("", String::as_str);
            assert!(value.contains(part), "{}: {field} in {line:?}", self.name);
        }
        let text = String::from_utf8_lossy(page.body()).into_owned();
        assert!(text.contains(line.field("reference")), "{}", self.name);
        let description = line.fields.get("description");
        let is_shown = description.is_some_and(|words| words.len() > 5 && text.contains(words));
        assert!(!is_shown, "{}: {text}", self.name);
        let is_temporary = page.status().is_server_error() && line.level == Level::WARN;
        let is_of_callback = line
            .fields
            .get("call")
            .is_some_and(|call| call == "callback");
        let has_wait = page.headers().contains_key("retry-after");
        assert!(has_wait == is_temporary || is_of_callback, "{}", self.name);
    }

    /// Asserts that no line at any level holds a sent value, a cookie or the phone number.
    fn assert_no_leak(&self, events: &Events, shop: &Shop, cookies: &[(String, String)]) {
        let text = events.text();
        let mut secrets = ["lpsecret", "1234-5678", "12345678"]
            .map(str::to_owned)
            .to_vec();
        secrets.extend(cookies.iter().map(|(_, value)| value.clone()));
        for request in shop.provider.requests() {
            let query = request.query.clone().unwrap_or_default();
            let query = form_urlencoded::parse(query.as_bytes()).into_owned();
            let pairs = request.form().into_iter().chain(query);
            let pairs = pairs.filter(|(name, _)| !PUBLIC_PARAMETERS.contains(&&**name));
            secrets.extend(pairs.map(|(_, value)| value));
        }
        for secret in secrets.iter().filter(|secret| secret.len() > 7) {
            assert!(!text.contains(secret.as_str()), "{}: {secret}", self.name);
        }
    }

    /// Signs in with the failure. Returns the last page, the shop and the cookies.
    async fn sign_in(&self) -> (Page, Shop, Vec<(String, String)>) {
        let provider = LocalProvider::start().await.unwrap();
        if matches!(self.client, Client::Pushed) {
            provider.configure(|settings| settings.oidc.par = Par::Required);
        }
        let client = client(&self.client, &provider);
        let mut act = JIWOO;
        let mut limit = Duration::from_secs(30);
        match &self.trouble {
            Trouble::Answer(endpoint, fault) => {
                if matches!(fault, Fault::Hang) {
                    limit = Duration::from_secs(3);
                }
                provider.fail(*endpoint, fault.clone());
            }
            Trouble::Change(change) => change(&provider),
            Trouble::User(action) => act = *action,
            Trouble::Settings | Trouble::Callback(_) => {}
        }
        let shop = Shop::at(provider, client, |builder| builder.provider_timeout(limit));
        let mut browser = shop.browser();
        let mut page = browser.visit("/").await;
        // A number that was not shared is requested once more.
        while page.status() == StatusCode::SEE_OTHER {
            let mut callback = browser.act(&page, act).await;
            if let Trouble::Callback(pairs) = &self.trouble {
                callback = altered(&callback, "code", None);
                for (name, value) in pairs {
                    callback = altered(&callback, name, Some(value));
                }
            }
            page = browser.visit(&callback).await;
        }
        (page, shop, browser.jar())
    }
}

fn client(client: &Client, provider: &LocalProvider) -> Provider {
    match client {
        Client::OpenId | Client::Pushed => provider.oidc().into(),
        Client::Kakao => provider.kakao().into(),
        Client::Naver => provider.naver().into(),
        Client::Google => provider.google().into(),
        Client::At(issuer) => Oidc::new(issuer, "shop", "lpsecret-of-the-shop").into(),
        Client::From(make) => make(provider),
    }
}

/// The line as a log shows it.
fn shown(line: &Line) -> String {
    let mut text = format!("{} {}", line.level, line.field("message"));
    for (name, value) in &line.fields {
        if !["message", "event", "reference"].contains(name) {
            write!(text, " {name}={value:?}").unwrap();
        }
    }
    text
}

pub(super) async fn check(rows: Vec<Row>) {
    for row in rows {
        row.check().await;
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap()
}

/// An error in the form of RFC 6749 section 5.2.
pub(super) fn error(code: u16, name: &str, description: &str) -> Fault {
    let body = json!({ "error": name, "error_description": description });
    Fault::json(status(code), &body)
}

pub(super) fn koe(code: u16, koe: &str, name: &str, description: &str) -> Fault {
    Fault::koe(status(code), koe, name, description)
}

pub(super) fn json(code: u16, body: &Value) -> Fault {
    Fault::json(status(code), body)
}

pub(super) fn html(code: u16) -> Fault {
    Fault::Answer {
        status: status(code),
        content_type: Some("text/html".to_owned()),
        body: b"<!doctype html><title>Oops</title>".to_vec(),
        headers: HeaderMap::new(),
    }
}

/// An error in the form of RFC 6750 section 3, without a body.
pub(super) fn challenge(code: u16, challenge: &str) -> Fault {
    let value = HeaderValue::from_str(challenge).unwrap();
    Fault::Answer {
        status: status(code),
        content_type: None,
        body: Vec::new(),
        headers: HeaderMap::from_iter([(WWW_AUTHENTICATE, value)]),
    }
}
