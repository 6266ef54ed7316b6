//! The address of a service, and calls to it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Request,
    header::{ACCEPT_ENCODING, CONTENT_TYPE},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tower_phone_auth::{
    ConfigError,
    phone_step::{SendError, SendErrorKind},
    provider::HttpClient,
};
use url::{Host, Url};

use crate::reply::Reply;

/// The origin of a service.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    /// Without a slash at the end.
    origin: String,
    /// Whether the origin is one on loopback, for tests.
    pub(crate) is_local: bool,
}

impl Api {
    /// The origin of the real service.
    pub(crate) fn new(origin: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            is_local: false,
        }
    }

    /// An origin for tests. Another host than loopback would get the secrets and every code.
    pub(crate) fn local(origin: &str) -> Result<Self, ConfigError> {
        let url = Url::parse(origin).ok().filter(is_bare_loopback);
        let url = url.ok_or(ConfigError::new(
            "endpoint_base",
            "is not an origin on this machine",
            "it is for tests: give one like http://127.0.0.1:9000, or leave it out",
        ))?;
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            is_local: true,
        })
    }

    /// Posts a body, and reads the reply. `path` begins with a slash.
    pub(crate) async fn post(
        &self,
        http: &dyn HttpClient,
        path: &str,
        headers: Headers,
        body: Body,
    ) -> Result<Reply, SendError> {
        let (media_type, body) = match body {
            Body::Json(value) => ("application/json; charset=utf-8", value.to_string()),
            Body::Form(form) => ("application/x-www-form-urlencoded", form),
        };
        let mut request = Request::post(format!("{}{path}", self.origin))
            .body(Bytes::from(body))
            .map_err(|error| SendError::new(SendErrorKind::Misconfigured).caused_by(error))?;
        *request.headers_mut() = headers.0;
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let (parts, body) = http.send(request).await?.into_parts();
        Ok(Reply::new(parts.status, &parts.headers, &body))
    }
}

/// The body of a call.
pub(crate) enum Body {
    Json(Value),
    /// Encoded already.
    Form(String),
}

impl Body {
    /// A form with these pairs.
    pub(crate) fn form(pairs: &[(&str, &str)]) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        Self::Form(form.extend_pairs(pairs).finish())
    }
}

/// The headers of a call. The values are marked as sensitive, so that no `Debug` shows them.
#[derive(Default)]
pub(crate) struct Headers(HeaderMap);

impl Headers {
    /// Adds the user and the password of HTTP Basic authentication (RFC 7617).
    pub(crate) fn basic(self, user: &str, password: &SecretString) -> Result<Self, SendError> {
        let pair = format!("{user}:{}", password.expose_secret());
        self.with("authorization", &format!("Basic {}", STANDARD.encode(pair)))
    }

    /// Adds a header.
    ///
    /// # Errors
    /// If the value fits into no header. The checks of the settings leave no such value.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Result<Self, SendError> {
        let mut value = HeaderValue::try_from(value)
            .map_err(|error| SendError::new(SendErrorKind::Misconfigured).caused_by(error))?;
        value.set_sensitive(true);
        self.0.insert(HeaderName::from_static(name), value);
        Ok(self)
    }
}

/// Whether the URL is an http origin on loopback, without a path.
fn is_bare_loopback(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.to_canonical().is_loopback(),
        None => false,
    };
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let has_no_user = url.username().is_empty() && url.password().is_none();
    is_local && is_bare && has_no_user && matches!(url.scheme(), "http" | "https")
}
